// The same in other languages: how to subscribe and publish, ready to be pasted. A token is never in them; they take it
// from the environment, so that they can be shown around.

/** A JSON string is a string of JavaScript and Python as well. */
const quoted = JSON.stringify;

/** Java has the escapes of JSON, too; its sources need not be in UTF-8. */
const java = text => quoted(text).replace(/[\u007f-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const shell = text => `'${text.replaceAll("'", "'\\''")}'`;
const php = text => `'${text.replace(/[\\']/g, '\\$&')}'`;

/**
 * Each language: its name, how the text is run, in words (with a token perhaps in another way), and the texts for a
 * subscription and a publication. Both take `url` and `token`, whether one is used; the publication also `fields`, pairs of names and values,
 * or `text`, a body as it is.
 */
export const languages = [
  {
    name: 'curl',
    run: 'In a terminal.',
    subscribe: ({ url, token }) => `curl -N${shellToken(token)} ${shell(url)}`,
    publish: ({ url, token, fields, text }) => {
      const body = fields
        ? fields.map(([name, value]) => ` \\\n  --data-urlencode ${shell(`${name}=${value}`)}`)
        : [` \\\n  -H 'Content-Type: text/plain' \\\n  --data-raw ${shell(text)}`];
      return `curl${shellToken(token)} ${shell(url)}${body.join('')}`;
    },
  },
  {
    name: 'JavaScript',
    run: 'In the console of a browser, on a page of this hub; publishing also with Node.js 18 or newer, as name.mjs.',
    runToken: 'Save it as name.mjs, and run it with Node.js 18 or newer: node name.mjs',
    subscribe: ({ url, token }) => (token ? fetchStream(url) : eventSource(url)),
    publish: ({ url, token, fields, text }) => `const answer = await fetch(${quoted(url)}, {
  method: 'POST',${token ? '\n  headers: { Authorization: `Bearer ${process.env.HERALD_TOKEN}` },' : ''}
  body: ${fields ? `new URLSearchParams(${pairs(fields, quoted, '[', ', ', ']', '[', ']', '  ')})` : quoted(text)},
});
console.log(answer.status, await answer.text());`,
  },
  {
    name: 'Java',
    run: 'Save it as Name.java, and run it with a JDK 17 or newer: java Name.java',
    subscribe: ({ url, token }) => `import java.net.URI;
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
    publish: ({ url, token, fields, text }) => `import java.net.URI;
import java.net.URLEncoder;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.stream.Collectors;

public class Publish {
    public static void main(String[] args) throws Exception {
        ${
          fields
            ? `var fields = new LinkedHashMap<String, String>();
${fields.map(([name, value]) => `        fields.put(${java(name)}, ${java(value)});`).join('\n')}
        var body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));`
            : `var body = ${java(text)};`
        }
        var request = HttpRequest.newBuilder(URI.create(${java(url)}))${javaToken(token)}
                .header("Content-Type", ${fields ? '"application/x-www-form-urlencoded"' : '"text/plain; charset=UTF-8"'})
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body());
    }
}`,
  },
  {
    name: 'PHP',
    run: 'Save it as name.php, and run it with PHP 8 or newer: php name.php',
    subscribe: ({ url, token }) => `<?php
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
    publish: ({ url, token, fields, text }) => `<?php
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [${[`'Content-Type: ${fields ? 'application/x-www-form-urlencoded' : 'text/plain; charset=UTF-8'}'`, phpToken(token)].filter(entry => entry).join(', ')}],
    'content' => ${fields ? `http_build_query(${pairs(fields, php, '[', ' => ', ']', '', '', '    ')})` : php(text)},
    'ignore_errors' => true,
]]);
$answer = fopen(${php(url)}, 'r', false, $context);
echo stream_get_meta_data($answer)['wrapper_data'][0], "\\n", stream_get_contents($answer), "\\n";`,
  },
  {
    name: 'Python',
    run: 'Save it as name.py, and run it with Python 3.8 or newer: python3 name.py',
    subscribe: ({ url, token }) => `${token ? 'import os\n' : ''}import time
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
    publish: ({ url, token, fields, text }) => `${token ? 'import os\n' : ''}import urllib.error
${fields ? 'import urllib.parse\n' : ''}import urllib.request

${
  fields
    ? `body = urllib.parse.urlencode(${pairs(fields, quoted, '{', ': ', '}', '', '', '')}).encode()`
    : `body = ${quoted(text)}.encode()`
}
request = urllib.request.Request(${quoted(url)}, data=body)${pythonToken(token, '')}${
      fields ? '' : '\nrequest.add_header("Content-Type", "text/plain; charset=UTF-8")'
    }
try:
    with urllib.request.urlopen(request) as answer:
        print(answer.status, answer.read().decode())
except urllib.error.HTTPError as refusal:
    raise SystemExit(refusal.read().decode())`,
  },
];

function pairs(fields, literal, open, between, close, openPair, closePair, indent) {
  const all = fields.map(([name, value]) => `${indent}  ${openPair}${literal(name)}${between}${literal(value)}${closePair},\n`);
  return `${open}\n${all.join('')}${indent}${close}`;
}

function shellToken(token) {
  return token ? ' -H "Authorization: Bearer $HERALD_TOKEN"' : '';
}

function javaToken(token) {
  return token ? '\n                .header("Authorization", "Bearer " + System.getenv("HERALD_TOKEN"))' : '';
}

function phpToken(token) {
  return token ? "'Authorization: Bearer ' . getenv('HERALD_TOKEN')" : '';
}

function pythonToken(token, indent) {
  return token ? `\n${indent}request.add_header("Authorization", "Bearer " + os.environ["HERALD_TOKEN"])` : '';
}

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
