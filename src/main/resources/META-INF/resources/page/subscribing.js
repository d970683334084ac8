import { java, javaToken, php, phpToken, pythonToken, quoted, shell, shellToken } from './literals.js';

/**
 * Code that subscribes, by language: given `url` and `token`, whether one is used. All but curl come back by themselves, after the
 * last id.
 */
export const subscribing = {
  curl: ({ url, token }) => `curl -N${shellToken(token)} ${shell(url)}`,
  JavaScript: ({ url, token }) => (token ? fetchStream(url) : eventSource(url)),
  Java: ({ url, token }) => `import java.net.URI;
import java.net.http.*;

public class Subscribe {
    public static void main(String[] args) throws Exception {
        var client = HttpClient.newHttpClient();
        var lastId = "";
        while (true) {
            var request = HttpRequest.newBuilder(URI.create(${java(url)}))${javaToken(token)};
            if (!lastId.isEmpty()) {
                request.header("Last-Event-ID", lastId);
            }
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("The answer was " + answer.statusCode());
            }
            try (var lines = answer.body()) {
                for (var line : (Iterable<String>) lines::iterator) {
                    if (line.startsWith("id: ")) {
                        lastId = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        System.out.println(lastId + " " + line.substring(6));
                    }
                }
            } catch (java.io.UncheckedIOException cut) {
                System.err.println("The connection was lost.");
            }
            Thread.sleep(2_000);
        }
    }
}`,
  PHP: ({ url, token }) => `<?php
$lastId = '';
while (true) {
    $headers = [${phpToken(token)}];
    if ($lastId !== '') {
        $headers[] = "Last-Event-ID: $lastId";
    }
    // By HTTP 1.1 PHP would hold lines back until there are 8 KB of them.
    $context = stream_context_create(['http' => [
        'header' => $headers, 'protocol_version' => 1.0, 'timeout' => 60, 'ignore_errors' => true,
    ]]);
    $stream = fopen(${php(url)}, 'r', false, $context);
    if ($stream && !str_contains(stream_get_meta_data($stream)['wrapper_data'][0], ' 200')) {
        exit(stream_get_contents($stream));
    }
    while ($stream && ($line = fgets($stream)) !== false) {
        if (str_starts_with($line, 'id: ')) {
            $lastId = rtrim(substr($line, 4));
        } elseif (str_starts_with($line, 'data: ')) {
            echo $lastId, ' ', substr($line, 6);
        }
    }
    sleep(2);
}`,
  Python: ({ url, token }) => `${token ? 'import os\n' : ''}import time
import urllib.error
import urllib.request

last_id = ""
while True:
    request = urllib.request.Request(${quoted(url)})${pythonToken(token, '    ')}
    if last_id:
        request.add_header("Last-Event-ID", last_id)
    try:
        with urllib.request.urlopen(request, timeout=60) as stream:
            for line in stream:
                name, _, value = line.decode().rstrip("\\r\\n").partition(": ")
                if name == "id":
                    last_id = value
                elif name == "data":
                    print(last_id, value, flush=True)
    except urllib.error.HTTPError as refusal:
        raise SystemExit(refusal.read().decode())
    except OSError as lost:
        print("The connection was lost:", lost)
    time.sleep(2)`,
};

/** For a browser, which comes back by itself. */
function eventSource(url) {
  return `const hub = new EventSource(${quoted(url)});
hub.onmessage = ({ data, lastEventId }) => console.log(lastEventId, data);
hub.addEventListener('gap', () => console.log('some events are gone for good'));`;
}

/** For Node.js, and for browsers: an EventSource can send no token. */
function fetchStream(url) {
  return `let lastId = '';
while (true) {
  const headers = { Authorization: \`Bearer \${process.env.HERALD_TOKEN}\`, ...(lastId && { 'Last-Event-ID': lastId }) };
  try {
    const answer = await fetch(${quoted(url)}, { headers });
    if (!answer.ok) {
      console.error(await answer.text());
      break;
    }
    let rest = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith('id: ')) {
          lastId = line.slice(4);
        } else if (line.startsWith('data: ')) {
          console.log(lastId, line.slice(6));
        }
      }
    }
  } catch (lost) {
    console.error('The connection was lost:', lost.message);
  }
  await new Promise(done => setTimeout(done, 2_000));
}`;
}
