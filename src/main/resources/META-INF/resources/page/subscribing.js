import { java, javaToken, php, phpToken, pythonToken, quoted, shell, shellToken } from './literals.js';

/**
 * Code that subscribes, by language. Parameters: `url`, and `token` (whether one is used). All but curl reconnect, and resume
 * after the last id.
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
        // HTTP/1.1, since the connection carries only this stream.
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var lastId = "";
        while (true) {
            // In the URL, since this client allows only ASCII in a header.
            var after = lastId.isEmpty() ? "" : "lastEventID=" + URLEncoder.encode(lastId, StandardCharsets.UTF_8) + "&";
            var url = ${java(base(url))} + after + ${java(query(url))};
            var request = HttpRequest.newBuilder(URI.create(url))${javaToken(token)}.build();
            var id = lastId;
            var data = new ArrayList<String>();
            try {
                var response = client.send(request, HttpResponse.BodyHandlers.ofLines());
                if (response.statusCode() >= 500) {
                    throw new IOException("The response status was " + response.statusCode());
                }
                if (response.statusCode() != 200) {
                    throw new IllegalStateException("The response status was " + response.statusCode());
                }
                for (var line : (Iterable<String>) response.body()::iterator) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        data.add(line.substring(6));
                    } else if (line.isEmpty()) {
                        // Only now: an incomplete event is sent again.
                        lastId = id;
                        // {} with an id of the hub marks a position; it is not an event.
                        if (!data.isEmpty() && !(id.startsWith("#") && data.equals(List.of("{}")))) {
                            System.out.println(id + " " + String.join("\\n", data));
                        }
                        data.clear();
                    }
                }
            } catch (IOException | UncheckedIOException lost) {
                System.err.println("Connection lost: " + lost.getMessage());
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
    // Over HTTP/1.1, PHP would buffer 8 KB before it returns a line.
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
            // Only now: an incomplete event is sent again.
            $lastId = $id;
            // {} with an id of the hub marks a position; it is not an event.
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
        # UTF-8 bytes, one character each.
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
                    # Only now: an incomplete event is sent again.
                    last_id = event_id
                    # {} with an id of the hub marks a position; it is not an event.
                    if data and not (event_id.startswith("#") and data == ["{}"]):
                        print(event_id, "\\n".join(data), flush=True)
                    data = []
    except urllib.error.HTTPError as error:
        if error.code < 500:
            raise SystemExit(error.read().decode())
        print("The response status was", error.code)
    except (OSError, http.client.HTTPException) as lost:
        print("Connection lost:", lost)
    time.sleep(2)`,
};

/** URL up to its parameters, before which others can be inserted: the first of two with the same name is used. */
function base(url) {
  return `${url.split('?')[0]}?`;
}

function query(url) {
  return url.split('?')[1] ?? '';
}

/** For browsers: an EventSource reconnects by itself. */
function eventSource(url) {
  return `const hub = new EventSource(${quoted(url)});
hub.onmessage = ({ data, lastEventId }) => console.log(lastEventId, data);
// onmessage receives no events with a type. For those: hub.addEventListener('the type', …)
hub.addEventListener('gap', () => console.log('events are missing'));`;
}

/** For Node.js and browsers: an EventSource cannot send a token. */
function fetchStream(url) {
  return `let lastId = '';
while (true) {
  const headers = { Authorization: \`Bearer \${process.env.HERALD_TOKEN}\` };
  if (lastId !== '') {
    // UTF-8 bytes, one character each.
    headers['Last-Event-ID'] = String.fromCharCode(...new TextEncoder().encode(lastId));
  }
  try {
    const response = await fetch(${quoted(url)}, { headers });
    if (response.status >= 500) {
      throw new Error(\`the response status was \${response.status}\`);
    }
    if (!response.ok) {
      console.error(await response.text());
      break;
    }
    let rest = '';
    let id = lastId;
    let data = [];
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith('id: ')) {
          id = line.slice(4);
        } else if (line.startsWith('data: ')) {
          data.push(line.slice(6));
        } else if (line === '') {
          // Only now: an incomplete event is sent again.
          lastId = id;
          // {} with an id of the hub marks a position; it is not an event.
          const text = data.join('\\n');
          if (data.length > 0 && !(id.startsWith('#') && text === '{}')) {
            console.log(id, text);
          }
          data = [];
        }
      }
    }
  } catch (lost) {
    console.error('Connection lost:', lost.message);
  }
  await new Promise(done => setTimeout(done, 2_000));
}`;
}
