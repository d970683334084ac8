import { listen } from './listen.js';

/** Opens a stream as an EventSource, or as a TokenSource if there is a token. */
export function openSource(url, token) {
  return token ? new TokenSource(url, token) : new EventSource(url);
}

/**
 * Event source with a token in a header, which an EventSource cannot send. It does not reconnect: after its end, its owner
 * opens another.
 */
class TokenSource extends EventTarget {
  #request = new AbortController();

  readyState = EventSource.CONNECTING;

  /** Last id received, with an event or without one; undefined before the first. */
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
      // The owner requests the reason.
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
