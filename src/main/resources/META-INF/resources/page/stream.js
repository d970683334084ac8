import { chatUrl } from './hub.js';
import { reason } from './problem.js';
import { openSource } from './source.js';
import { token } from './token.js';

const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 30_000;

/**
 * The chat's stream of events, for as long as it is looked at. A browser's EventSource reconnects by itself after a cut, but
 * gives up for good at any answer but 200, such as a gateway's 502 while the hub restarts (HTML §9.2.3). Then this opens a
 * new one, which continues after the last event.
 *
 * The listener has `state(name, detail)`, `message(data)`, `gap()`, and `upToDate()`, which follows what had been published
 * before the stream was live. The states: `connecting`, `unreachable` (it was
 * never live), `live`, `lost`, `refused` (with the reason in words), and `ended` (the hub wants no return).
 */
export class Stream {
  #listener;
  #source;
  #lastEventId = '';
  #wasLive = false;
  #refused = false;
  #failures = 0;
  #timer;

  constructor(listener) {
    this.#listener = listener;
  }

  /** Opens the stream, or opens it anew. */
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

  /** Whether it is open, or tries to be. */
  get running() {
    return this.#source !== undefined || this.#timer !== undefined;
  }

  /** Ends a pause between two attempts, if there is one. */
  hurry() {
    if (this.#timer) {
      this.open();
    }
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // An EventSource that a browser gives up keeps to itself what came with no event.
    this.#lastEventId = this.#source?.lastEventId ?? this.#lastEventId;
    this.#source?.close();
    this.#source = undefined;
  }

  #listenTo(source) {
    // Live is what has sent its first block: a hub that cannot serve now answers 200 too, and ends without one.
    let begun = false;
    source.addEventListener('open', unlessPublished(() => (begun = false)));
    source.addEventListener('message', event => {
      this.#lastEventId = event.lastEventId;
      if (begun) {
        this.#listener.message(event.data);
      } else {
        begun = true;
        this.#begin();
      }
    });
    source.addEventListener('gap', unlessPublished(event => {
      this.#lastEventId = event.lastEventId;
      this.#listener.gap();
    }));
    source.addEventListener('live', unlessPublished(event => {
      this.#lastEventId = event.lastEventId;
      this.#listener.upToDate();
    }));
    // Where the stream is by now, from time to time.
    source.addEventListener('cursor', unlessPublished(event => (this.#lastEventId = event.lastEventId)));
    source.addEventListener('error', unlessPublished(() => this.#fail(source)));
  }

  #begin() {
    this.#wasLive = true;
    this.#refused = false;
    this.#failures = 0;
    this.#listener.state('live');
  }

  #fail(source) {
    if (!this.#refused) {
      this.#listener.state(this.#wasLive ? 'lost' : 'unreachable');
    }
    if (source.readyState === EventSource.CLOSED) {
      this.#timer = setTimeout(() => this.open(), pause(this.#failures++));
      this.#explain(source);
    }
  }

  /** Asks once more in a way that shows the answer, which an EventSource keeps to itself. */
  async #explain(source) {
    const request = new AbortController();
    try {
      const answer = await fetch(chatUrl(this.#lastEventId), { headers: token.headers, signal: request.signal });
      const refused = answer.status >= 400 && answer.status < 500;
      const detail = refused ? await reason(answer) : '';
      if (source !== this.#source) {
        return;
      }
      this.#refused = refused;
      if (refused) {
        this.#listener.state('refused', detail);
      } else if (answer.status === 204) {
        this.#stop();
        this.#listener.state('ended');
      }
    } catch {
      // Out of reach: the state says so already.
    } finally {
      request.abort();
    }
  }
}

/**
 * Publishers may call their events what they like; those must not pass for the browser's own, nor for the hub's, whose ids
 * begin as no publisher's can.
 */
function unlessPublished(handler) {
  return event => {
    if (!(event instanceof MessageEvent) || event.lastEventId.startsWith('#')) {
      handler(event);
    }
  };
}

/** Longer from failure to failure, and at random, so that not all pages come back at once. */
function pause(failures) {
  const longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** failures);
  return longest * (0.5 + Math.random() / 2);
}
