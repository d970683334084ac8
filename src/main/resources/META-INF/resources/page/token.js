/** Token of the user, kept in the memory of this page only. Dispatches `change` when it has changed. */
class Token extends EventTarget {
  #text = '';

  /** Token as sent; empty without one. */
  get text() {
    return this.#text;
  }

  set text(next) {
    const text = compact(next);
    if (text !== this.#text) {
      this.#text = text;
      this.dispatchEvent(new Event('change'));
    }
  }
}

export const token = new Token();

/** Removes the scheme and all white space of a pasted token, such as line breaks. */
export function compact(text) {
  return text.replace(/^\s*Bearer\s+/i, '').replace(/\s+/g, '');
}

/** Names of the claim, in order of precedence (PROTOCOL M23). */
const CLAIMS = ['mercure', 'https://mercure.rocks/'];

/**
 * Decodes a token. Does not verify its signature: only the hub has the key.
 *
 * @returns `{ publish, subscribe, payload, expiry, notBefore, algorithm }`; the times are dates or undefined
 * @throws Error with a message for the user, if it is not a token
 */
export function decode(text) {
  const parts = text.split('.');
  if (parts.length !== 3) {
    throw new Error('Not a valid token: a token has three parts with dots between them. Paste the complete token.');
  }
  const header = decodePart(parts[0], 'first');
  const claims = decodePart(parts[1], 'second');
  if (!/^[\w-]*$/.test(parts[2])) {
    throw new Error('Not a valid token: its third part is not base64url. Paste the complete token.');
  }
  const mercure = CLAIMS.map(name => claims[name]).find(claim => claim && typeof claim === 'object') ?? {};
  return {
    algorithm: String(header.alg ?? 'none'),
    publish: strings(mercure.publish),
    subscribe: strings(mercure.subscribe),
    payload: mercure.payload,
    notBefore: time(claims.nbf),
    expiry: time(claims.exp),
  };
}

function decodePart(text, which) {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), byte => byte.charCodeAt(0));
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (value && typeof value === 'object') {
      return value;
    }
  } catch {
    // Reported below.
  }
  throw new Error(`Not a valid token: its ${which} part is not JSON in base64url. Paste the complete token.`);
}

function strings(value) {
  return Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : [];
}

function time(seconds) {
  const date = new Date(seconds * 1_000);
  return typeof seconds === 'number' && !Number.isNaN(date.getTime()) ? date : undefined;
}
