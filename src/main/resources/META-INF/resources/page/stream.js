import { chatUrl } from './hub.js';
import { reason } from './problem.js';
import { openSource } from './source.js';
import { token } from './token.js';

const FIRST_DELAY_MILLIS = 1_000;
const MAX_DELAY_MILLIS = 30_000;

/**
 * Reconnecting stream of the chat. An EventSource reconnects after a lost connection, but not after a status other than 200,
 * such as a gateway's 502 while the hub restarts (HTML §9.2.3). Then this opens a new one, which resumes after the last
 * event.
 *
 * The listener has `state(name, detail)`, `message(data)`, `gap()`, and `replayed()`, which is called at the end of the
 * replay. The states: `connecting`, `unreachable` (it was never live), `live`, `lost`, `rejected` (with the reason as text),
 * and `ended` (the hub wants no reconnection).
 */
export class Stream {
  #listener;
  #source;
  #lastEventId = '';
  #wasLive = false;
  #rejected = false;
  #failures = 0;
  #timer;

  constructor(listener) {
    this.#listener = listener;
  }

  /** Opens or reopens the stream. */
  open() {
    this.#stop();
    if (!this.#wasLive && this.#failures === 0) {
      this.#listener.state('connecting');
    }
    this.#source = openSource(chatUrl(this.#lastEventId), token.text);
    this.#listenTo(this.#source);
  }

  /** Closes the stream until it is opened again. */
  pause() {
    this.#stop();
    this.#listener.state('lost');
  }

  /** Whether it is open, or will reconnect. */
  get running() {
    return this.#source !== undefined || this.#timer !== undefined;
  }

  /** Reconnects now if it waits for a reconnection. */
  reconnectNow() {
    if (this.#timer) {
      this.open();
    }
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // A TokenSource also has ids that came without an event.
    this.#lastEventId = this.#source?.lastEventId ?? this.#lastEventId;
    this.#source?.close();
    this.#source = undefined;
  }

  #listenTo(source) {
    // Live after the first block: a hub that cannot serve a stream also responds with 200, and ends it without a block.
    let started = false;
    source.addEventListener('open', unlessPublished(() => (started = false)));
    source.addEventListener('message', event => {
      this.#lastEventId = event.lastEventId;
      if (started) {
        this.#listener.message(event.data);
      } else {
        started = true;
        this.#start();
      }
    });
    source.addEventListener('gap', unlessPublished(event => {
      this.#lastEventId = event.lastEventId;
      this.#listener.gap();
    }));
    source.addEventListener('live', unlessPublished(event => {
      this.#lastEventId = event.lastEventId;
      this.#listener.replayed();
    }));
    // Current position of the stream, from time to time.
    source.addEventListener('cursor', unlessPublished(event => (this.#lastEventId = event.lastEventId)));
    source.addEventListener('error', unlessPublished(() => this.#fail(source)));
  }

  #start() {
    this.#wasLive = true;
    this.#rejected = false;
    this.#failures = 0;
    this.#listener.state('live');
  }

  #fail(source) {
    if (!this.#rejected) {
      this.#listener.state(this.#wasLive ? 'lost' : 'unreachable');
    }
    if (source.readyState === EventSource.CLOSED) {
      this.#timer = setTimeout(() => this.open(), delay(this.#failures++));
      this.#reportReason(source);
    }
  }

  /** Repeats the request by fetch to get the response, which an EventSource hides. */
  async #reportReason(source) {
    const request = new AbortController();
    try {
      const response = await fetch(chatUrl(this.#lastEventId), { headers: token.headers, signal: request.signal });
      const rejected = response.status >= 400 && response.status < 500;
      const detail = rejected ? await reason(response) : '';
      if (source !== this.#source) {
        return;
      }
      this.#rejected = rejected;
      if (rejected) {
        this.#listener.state('rejected', detail);
      } else if (response.status === 204) {
        this.#stop();
        this.#listener.state('ended');
      }
    } catch {
      // Unreachable, as the state already shows.
    } finally {
      request.abort();
    }
  }
}

/**
 * Handler that ignores events of publishers, which may use any type: only events of the browser itself, and those of the
 * hub, whose ids start with a character that publishers may not use.
 */
function unlessPublished(handler) {
  return event => {
    if (!(event instanceof MessageEvent) || event.lastEventId.startsWith('#')) {
      handler(event);
    }
  };
}

/** Exponential backoff with jitter, so that pages do not reconnect all at once. */
function delay(failures) {
  const longest = Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS * 2 ** failures);
  return longest * (0.5 + Math.random() / 2);
}
