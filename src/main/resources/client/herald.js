import { backoff, pause, RESPONSE_MILLIS } from './attempts.js';
import { failureOf, HeraldError } from './error.js';
import { Subscription } from './subscription.js';
import { authorization, Tokens } from './tokens.js';

/** Not crypto.randomUUID, which insecure origins do not have. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), number => number.toString(36)).join('-');
}

function require(condition, message) {
  if (!condition) {
    throw new TypeError(message);
  }
}

export class Herald {
  #base;
  #tokens;
  #credentials;
  #subscriptions = new Set();
  #listening = new AbortController();

  constructor(url = new URL('.', import.meta.url), { token, credentials = 'omit' } = {}) {
    require(token == null || typeof token === 'function', "'token' must be a function that returns the token.");
    const base = new URL(url, globalThis.document?.baseURI);
    base.pathname = base.pathname.replace(/\/?$/, '/');
    this.#base = base.href;
    this.#tokens = new Tokens(token);
    this.#credentials = credentials;
    this.#listenToThePage();
  }

  /** A frozen page, or one that is kept for the back button, must not hold locks. */
  #listenToThePage() {
    const { signal } = this.#listening;
    const on = (target, type, handler) => target?.addEventListener?.(type, handler, { signal });
    const each = (name, ...values) => this.#subscriptions.forEach(subscription => subscription[name](...values));
    let offlineAt;
    on(globalThis, 'offline', () => (offlineAt = Date.now()));
    on(globalThis, 'online', () => each('nudge', offlineAt));
    on(globalThis, 'pagehide', () => each('suspend'));
    on(globalThis, 'pageshow', () => each('resume'));
    const page = globalThis.document;
    on(page, 'freeze', () => each('suspend'));
    on(page, 'resume', () => each('resume'));
    on(page, 'visibilitychange', () => page.visibilityState === 'visible' && each('nudge'));
  }

  subscribe(options = {}, onEvent) {
    require(!('topic' in options), "'topic' is not an option of subscribe: use 'topics'.");
    const isEmpty = options.topics?.length === 0;
    require(!isEmpty, "'topics' is empty: leave it out for the default topic, or name one.");
    const credentials = this.#credentials;
    const { path = 'SSE', topics = [], since, envelope, raw, heartbeat } = options;
    const { auth = credentials === 'omit' ? undefined : 'required' } = options;
    const selection = { path, topics: [topics].flat().sort(), since, envelope, raw };
    const request = { base: this.#base, ...selection, auth, credentials, heartbeat };
    const onClose = subscription => this.#subscriptions.delete(subscription);
    const subscription = new Subscription({ request, tokens: this.#tokens, onClose }, options, onEvent);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** The request has a key, by which the hub recognizes it if it is sent again. Only data: for the default topic. */
  async publish(update, { key = randomKey(), timeout = 60_000, signal, onRetry } = {}) {
    const deadline = Date.now() + timeout;
    const isMessage = Object.keys(update).join() === 'data';
    const [path, content] = isMessage ? ['message', update.data] : ['updates', update];
    const isText = typeof content === 'string';
    const body = isText ? content : JSON.stringify(content);
    const type = isText ? 'text/plain' : 'application/json';
    for (let failures = 0, used; ; failures++) {
      try {
        const token = await (used ? this.#tokens.renew(used.token) : this.#tokens.get());
        const headers = { 'Content-Type': type, 'Idempotency-Key': key, ...authorization(token) };
        const { response, ids } = await this.#post(path, { headers, body }, signal);
        if (response.ok) {
          return Array.isArray(update) ? ids : ids[0];
        }
        if (response.status !== 401 || used || !this.#tokens.renewable) {
          throw await failureOf(response);
        }
        used = { token };
      } catch (failure) {
        const millis = backoff(failures, failure);
        if (failure instanceof HeraldError || signal?.aborted || Date.now() + millis > deadline) {
          throw failure;
        }
        onRetry?.(failure, millis);
        await pause(millis, signal);
      }
    }
  }

  async #post(path, request, signal) {
    const signals = [AbortSignal.timeout(RESPONSE_MILLIS), ...(signal ? [signal] : [])];
    const response = await fetch(new URL(path, this.#base), {
      ...request,
      method: 'POST',
      credentials: this.#credentials,
      signal: AbortSignal.any(signals),
    });
    if (!response.ok) {
      return { response };
    }
    // Node.js keeps the connection until the body is read.
    const body = await response.text();
    return { response, ids: path === 'message' ? [response.headers.get('Event-ID')] : JSON.parse(body).ids };
  }

  close() {
    this.#listening.abort();
    this.#subscriptions.forEach(subscription => subscription.close());
  }
}
