// String literals of several languages, and code that reads a token from the environment, so that the code can be shared.

/** A JSON string is a valid literal in JavaScript and Python. */
export const quoted = JSON.stringify;

/** Java has the escapes of JSON. Other characters are escaped, since Java sources need not be UTF-8. */
export const java = text =>
  quoted(text).replace(/[\u007f-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const shell = text => `'${text.replaceAll("'", "'\\''")}'`;
export const php = text => `'${text.replace(/[\\']/g, '\\$&')}'`;

export function shellToken(token) {
  return token ? ' -H "Authorization: Bearer $HERALD_TOKEN"' : '';
}

export function javaToken(token) {
  return token ? '\n                .header("Authorization", "Bearer " + System.getenv("HERALD_TOKEN"))' : '';
}

export function phpToken(token) {
  return token ? "'Authorization: Bearer ' . getenv('HERALD_TOKEN')" : '';
}

export function pythonToken(token, indent) {
  return token ? `\n${indent}request.add_header("Authorization", "Bearer " + os.environ["HERALD_TOKEN"])` : '';
}
