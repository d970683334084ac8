import { java, javaToken, php, phpToken, pythonToken, quoted, shell, shellToken } from './literals.js';

/**
 * Code that publishes, by language. Parameters: `url`, `token` (whether one is used), and either `fields`, pairs of names and
 * values, or `text`, the body.
 */
export const publishing = {
  curl: ({ url, token, fields, text }) => {
    const body = fields
      ? fields.map(([name, value]) => ` \\\n  --data-urlencode ${shell(`${name}=${value}`)}`)
      : [` \\\n  -H 'Content-Type: text/plain' \\\n  --data-raw ${shell(text)}`];
    return `curl${shellToken(token)} ${shell(url)}${body.join('')}`;
  },
  JavaScript: ({ url, token, fields, text }) => `const response = await fetch(${quoted(url)}, {
  method: 'POST',${token ? '\n  headers: { Authorization: `Bearer ${process.env.HERALD_TOKEN}` },' : ''}
  body: ${fields ? `new URLSearchParams(${pairs(fields, quoted, '[', ', ', ']', '[', ']', '  ')})` : quoted(text)},
});
console.log(response.status, await response.text());`,
  Java: ({ url, token, fields, text }) => `import java.net.URI;
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
        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.body());
    }
}`,
  PHP: ({ url, token, fields, text }) => `<?php
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [${[`'Content-Type: ${fields ? 'application/x-www-form-urlencoded' : 'text/plain; charset=UTF-8'}'`, phpToken(token)].filter(entry => entry).join(', ')}],
    'content' => ${fields ? `http_build_query(${pairs(fields, php, '[', ' => ', ']', '', '', '    ')})` : php(text)},
    'ignore_errors' => true,
]]);
$response = fopen(${php(url)}, 'r', false, $context);
echo stream_get_meta_data($response)['wrapper_data'][0], "\\n", stream_get_contents($response), "\\n";`,
  Python: ({ url, token, fields, text }) => `${token ? 'import os\n' : ''}import urllib.error
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
    with urllib.request.urlopen(request) as response:
        print(response.status, response.read().decode())
except urllib.error.HTTPError as error:
    raise SystemExit(error.read().decode())`,
};

/** Literal of a list of pairs, one a line. */
function pairs(fields, literal, open, between, close, openPair, closePair, indent) {
  const all = fields.map(([name, value]) => `${indent}  ${openPair}${literal(name)}${between}${literal(value)}${closePair},\n`);
  return `${open}\n${all.join('')}${indent}${close}`;
}
