import { isSignal } from './frames.js';
import { streamUrl } from './hub.js';
import { listen, RejectedError } from './listen.js';
import { token } from './token.js';

const DEFAULT_DELAY_MILLIS = 2_000;
const MAX_DELAY_MILLIS = 30_000;

/**
 * Reconnecting subscription, which resumes after the last event until it is stopped. Uses the current token, if any. Not an
 * EventSource, which hides raw frames, responses, and events of types without a listener.
 *
 * The listener has `state(name, detail)`, `event(frame)`, `replayed(count, again)` at the end of a replay, `lost()` and
 * `gap(frame)`. The states: `connecting`, `live`, `lost`, `unreachable`, `rejected` (with the reason; it waits for another
 * token), `ended` (the hub wants no reconnection), `paused`, `stopped`.
 */
export class Watcher {
  #listener;
  #url;
  #request;
  #retryNow;
  #state = 'stopped';
  #live = false;
  #wasLive = false;
  #catchingUp = false;
  #replayed = 0;

  /** Id after which it resumes; empty before the first. */
  lastEventId = '';

  /** Time of the next attempt, by the clock of `performance`; undefined unless it waits for one. */
  retryAt;

  constructor(listener) {
    this.#listener = listener;
    token.addEventListener('change', () => this.#running && this.resume());
    addEventListener('online', () => this.#retryNow?.());
    document.addEventListener('visibilitychange', () => document.hidden || this.#retryNow?.());
  }

  get state() {
    return this.#state;
  }

  get #running() {
    return !['stopped', 'paused', 'ended'].includes(this.#state);
  }

  /**
   * Starts a subscription.
   *
   * @param selectors topic selectors
   * @param start pairs of parameters for the start position
   */
  start(selectors, start) {
    this.stop();
    this.#url = lastEventId => streamUrl(selectors, parameters(start, lastEventId));
    this.lastEventId = '';
    this.#wasLive = false;
    // Without a start position there is no replay, and the hub does not signal its end.
    this.#catchingUp = start.length > 0;
    this.resume();
  }

  /** Resumes after the last event. */
  resume() {
    this.#request?.abort();
    this.#disconnected();
    this.#request = new AbortController();
    this.#run(this.#request.signal);
  }

  /** Closes the connection until it is resumed. The hub retains the events published meanwhile. */
  pause() {
    this.#halt('paused');
  }

  stop() {
    this.#halt('stopped');
  }

  #halt(state) {
    this.#request?.abort();
    this.#request = undefined;
    this.retryAt = undefined;
    this.#disconnected();
    this.#setState(state);
  }

  async #run(signal) {
    let failures = 0;
    this.#setState('connecting');
    while (!signal.aborted) {
      try {
        const end = await this.#listen(signal);
        if (end.final) {
          this.#setState('ended');
          return;
        }
        failures = this.#live ? 0 : failures + 1;
        this.#connectionLost(signal);
        await this.#wait(failures === 0 ? (end.retryMillis ?? DEFAULT_DELAY_MILLIS) : backoff(failures), signal);
      } catch (failure) {
        if (signal.aborted) {
          return;
        }
        this.#connectionLost(signal);
        if (failure instanceof RejectedError) {
          this.#setState('rejected', failure.message);
          return;
        }
        await this.#wait(backoff(failures++), signal);
      }
    }
  }

  #listen(signal) {
    return listen(this.#url(this.lastEventId), {
      token: token.text,
      lastEventId: this.lastEventId,
      signal,
      listener: {
        open: () => {},
        frames: list => signal.aborted || list.forEach(frame => this.#receive(frame)),
      },
    });
  }

  #receive(frame) {
    this.lastEventId = frame.id;
    if (!this.#live && frame.type === 'end') {
      // A rejected stream, whatever its id: publishers' events follow only after the first block.
      return;
    }
    if (!isSignal(frame)) {
      if (frame.data !== null) {
        this.#replayed += this.#catchingUp ? 1 : 0;
        this.#listener.event(frame);
      }
    } else if (!this.#live && frame.type === 'message' && frame.data !== null) {
      this.#live = true;
      this.#replayed = 0;
      this.#setState('live');
    } else if (frame.type === 'gap') {
      this.#listener.gap(frame);
    } else if (frame.type === 'live') {
      this.#listener.replayed(this.#replayed, this.#wasLive);
      this.#wasLive = true;
      this.#catchingUp = false;
    }
  }

  #disconnected() {
    this.#wasLive ||= this.#live && !this.#catchingUp;
    this.#catchingUp ||= this.#live;
    this.#live = false;
  }

  #connectionLost(signal) {
    const wasLive = this.#live;
    this.#disconnected();
    if (wasLive && !signal.aborted) {
      this.#listener.lost();
    }
  }

  #wait(millis, signal) {
    if (signal.aborted) {
      return Promise.resolve();
    }
    this.retryAt = performance.now() + millis;
    this.#setState(this.#wasLive || this.lastEventId ? 'lost' : 'unreachable');
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#retryNow?.(), millis);
      const finish = () => {
        clearTimeout(timer);
        // Otherwise the signal would keep a listener for each reconnection.
        signal.removeEventListener('abort', finish);
        this.#retryNow = undefined;
        this.retryAt = signal.aborted ? this.retryAt : undefined;
        resolve();
      };
      this.#retryNow = finish;
      signal.addEventListener('abort', finish);
    });
  }

  #setState(name, detail) {
    this.#state = name;
    this.#listener.state(name, detail);
  }
}

/** Parameters of a request. A start position in addition to a last id makes the hub signal the end of the replay. */
function parameters(start, lastEventId) {
  return start.length > 0 || lastEventId === '' ? start : [['since', 1]];
}

/** Exponential backoff with jitter, so that pages do not reconnect all at once. */
function backoff(failures) {
  return Math.min(MAX_DELAY_MILLIS, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2);
}
