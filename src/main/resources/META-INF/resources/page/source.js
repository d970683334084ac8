import { listen } from './listen.js';

/** A stream as a browser's EventSource gives it, with a token if there is one. */
export function openSource(url, token) {
  return token ? new TokenSource(url, token) : new EventSource(url);
}

/**
 * What an EventSource is to its listeners, but with a token in the header, which an EventSource cannot send. Once it has
 * ended it stays so, and its owner opens another.
 */
class TokenSource extends EventTarget {
  #request = new AbortController();

  readyState = EventSource.CONNECTING;

  /** The last id that came, be it with no event; undefined until one has. */
  lastEventId;

  constructor(url, token) {
    super();
    this.#run(url, token);
  }

  close() {
    this.readyState = EventSource.CLOSED;
    this.#request.abort();
  }

  async #run(url, token) {
    try {
      await listen(url, { token, signal: this.#request.signal, listener: this });
    } catch {
      // Its owner asks why.
    }
    if (!this.#request.signal.aborted) {
      this.readyState = EventSource.CLOSED;
      this.dispatchEvent(new Event('error'));
    }
  }

  open() {
    this.readyState = EventSource.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  frames(list) {
    for (const { type, data, id } of list) {
      this.lastEventId = id || this.lastEventId;
      if (data !== null && this.readyState !== EventSource.CLOSED) {
        this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }));
      }
    }
  }
}
