/**
 * The token that was pasted, in this page's memory and nowhere else: it is gone with the page. `change` is fired when it
 * has become another one.
 */
class Token extends EventTarget {
  #text = '';

  /** As it is sent; empty if there is none. */
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

  /** What to add to the headers of a request. */
  get headers() {
    return this.#text ? { Authorization: `Bearer ${this.#text}` } : {};
  }
}

export const token = new Token();

/** A token as it was pasted, ready for a header: without its scheme, and without the breaks of lines that what is long gets. */
export function compact(text) {
  return text.replace(/^\s*Bearer\s+/i, '').replace(/\s+/g, '');
}

/** The names under which the claim is found, the first one that is there (PROTOCOL M23). */
const CLAIMS = ['mercure', 'https://mercure.rocks/'];

/**
 * What a token says of itself; whether it is true only the hub can tell, which has the key.
 *
 * @returns `{ publish, subscribe, payload, end, begin, algorithm }`, the times as dates if there are any
 * @throws Error with a sentence for a person, if it is no token
 */
export function read(text) {
  const parts = text.split('.');
  if (parts.length !== 3) {
    throw new Error('This is no token: it has three parts with dots between them. Paste all of it, and nothing else.');
  }
  const header = part(parts[0], 'first');
  const claims = part(parts[1], 'second');
  if (!/^[\w-]*$/.test(parts[2])) {
    throw new Error('This is no token: its third part is not in Base64. Paste all of it, and nothing else.');
  }
  const mercure = CLAIMS.map(name => claims[name]).find(claim => claim && typeof claim === 'object') ?? {};
  return {
    algorithm: String(header.alg ?? 'none'),
    publish: list(mercure.publish),
    subscribe: list(mercure.subscribe),
    payload: mercure.payload,
    begin: time(claims.nbf),
    end: time(claims.exp),
  };
}

function part(text, which) {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), byte => byte.charCodeAt(0));
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (value && typeof value === 'object') {
      return value;
    }
  } catch {
    // Told below.
  }
  throw new Error(`This is no token: its ${which} part is not JSON in Base64. Paste all of it, and nothing else.`);
}

function list(value) {
  return Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : [];
}

function time(seconds) {
  const date = new Date(seconds * 1_000);
  return typeof seconds === 'number' && !Number.isNaN(date.getTime()) ? date : undefined;
}
