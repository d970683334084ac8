import { java, javaToken, php, phpToken, pythonToken, quoted, shell, shellToken } from './literals.js';

/**
 * Code that subscribes, by language: given `url` and `token`, whether one is used. All but curl come back by themselves, after the
 * last id.
 */
export const subscribing = {
  curl: ({ url, token }) => `curl -N${shellToken(token)} ${shell(url)}`,
  JavaScript: ({ url, token }) => (token ? fetchStream(url) : eventSource(url)),
  Java: ({ url, token }) => `import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class Subscribe {
    public static void main(String[] args) throws Exception {
        // One connection for one stream, which ends with it: nothing for HTTP/2 to share.
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var lastId = "";
        while (true) {
            // Not in a header, where this client would take ASCII only.
            var after = lastId.isEmpty() ? "" : "lastEventID=" + URLEncoder.encode(lastId, StandardCharsets.UTF_8) + "&";
            var url = ${java(place(url))} + after + ${java(query(url))};
            var request = HttpRequest.newBuilder(URI.create(url))${javaToken(token)}.build();
            var id = lastId;
            var data = new ArrayList<String>();
            try {
                var answer = client.send(request, HttpResponse.BodyHandlers.ofLines());
                if (answer.statusCode() >= 500) {
                    throw new IOException("The answer was " + answer.statusCode());
                }
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException("The answer was " + answer.statusCode());
                }
                for (var line : (Iterable<String>) answer.body()::iterator) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        data.add(line.substring(6));
                    } else if (line.isEmpty()) {
                        // Not before: an event that is cut off comes again.
                        lastId = id;
                        // {} with an id of the hub's own only says how far the stream is.
                        if (!data.isEmpty() && !(id.startsWith("#") && data.equals(List.of("{}")))) {
                            System.out.println(id + " " + String.join("\\n", data));
                        }
                        data.clear();
                    }
                }
            } catch (IOException | UncheckedIOException lost) {
                System.err.println("The connection was lost: " + lost.getMessage());
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
    $status = $stream ? stream_get_meta_data($stream)['wrapper_data'][0] : '';
    if ($stream && !preg_match('~ (200|5\\d\\d)~', $status)) {
        exit(stream_get_contents($stream));
    }
    $id = $lastId;
    $data = [];
    while (str_contains($status, ' 200') && ($line = fgets($stream)) !== false) {
        $line = rtrim($line, "\\r\\n");
        if (str_starts_with($line, 'id: ')) {
            $id = substr($line, 4);
        } elseif (str_starts_with($line, 'data: ')) {
            $data[] = substr($line, 6);
        } elseif ($line === '') {
            // Not before: an event that is cut off comes again.
            $lastId = $id;
            // {} with an id of the hub's own only says how far the stream is.
            if ($data && !(str_starts_with($id, '#') && $data === ['{}'])) {
                echo $id, ' ', implode("\\n", $data), "\\n";
            }
            $data = [];
        }
    }
    sleep(2);
}`,
  Python: ({ url, token }) => `import http.client
${token ? 'import os\n' : ''}import time
import urllib.error
import urllib.request

last_id = ""
while True:
    request = urllib.request.Request(${quoted(url)})${pythonToken(token, '    ')}
    if last_id:
        # As UTF-8, one character a byte.
        request.add_header("Last-Event-ID", last_id.encode().decode("latin-1"))
    event_id, data = last_id, []
    try:
        with urllib.request.urlopen(request, timeout=60) as stream:
            for line in stream:
                text = line.decode("utf-8", "replace").rstrip("\\r\\n")
                name, _, value = text.partition(": ")
                if name == "id":
                    event_id = value
                elif name == "data":
                    data.append(value)
                elif text == "":
                    # Not before: an event that is cut off comes again.
                    last_id = event_id
                    # {} with an id of the hub's own only says how far the stream is.
                    if data and not (event_id.startswith("#") and data == ["{}"]):
                        print(event_id, "\\n".join(data), flush=True)
                    data = []
    except urllib.error.HTTPError as refusal:
        if refusal.code < 500:
            raise SystemExit(refusal.read().decode())
        print("The answer was", refusal.code)
    except (OSError, http.client.HTTPException) as lost:
        print("The connection was lost:", lost)
    time.sleep(2)`,
};

/** An address up to its parameters, to which others can be added in front: of two of a name, the first counts. */
function place(url) {
  return `${url.split('?')[0]}?`;
}

function query(url) {
  return url.split('?')[1] ?? '';
}

/** For a browser, which comes back by itself. */
function eventSource(url) {
  return `const hub = new EventSource(${quoted(url)});
hub.onmessage = ({ data, lastEventId }) => console.log(lastEventId, data);
// Events of a type of their own do not come to onmessage: hub.addEventListener('their type', …)
hub.addEventListener('gap', () => console.log('some events are gone for good'));`;
}

/** For Node.js, and for browsers: an EventSource can send no token. */
function fetchStream(url) {
  return `let lastId = '';
while (true) {
  const headers = { Authorization: \`Bearer \${process.env.HERALD_TOKEN}\` };
  if (lastId !== '') {
    // As UTF-8, one character a byte.
    headers['Last-Event-ID'] = String.fromCharCode(...new TextEncoder().encode(lastId));
  }
  try {
    const answer = await fetch(${quoted(url)}, { headers });
    if (answer.status >= 500) {
      throw new Error(\`the answer was \${answer.status}\`);
    }
    if (!answer.ok) {
      console.error(await answer.text());
      break;
    }
    let rest = '';
    let id = lastId;
    let data = [];
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith('id: ')) {
          id = line.slice(4);
        } else if (line.startsWith('data: ')) {
          data.push(line.slice(6));
        } else if (line === '') {
          // Not before: an event that is cut off comes again.
          lastId = id;
          // {} with an id of the hub's own only says how far the stream is.
          const text = data.join('\\n');
          if (data.length > 0 && !(id.startsWith('#') && text === '{}')) {
            console.log(id, text);
          }
          data = [];
        }
      }
    }
  } catch (lost) {
    console.error('The connection was lost:', lost.message);
  }
  await new Promise(done => setTimeout(done, 2_000));
}`;
}
