import { isSignal } from './frames.js';
import { streamUrl } from './hub.js';
import { listen, Refusal } from './listen.js';
import { token } from './token.js';

const USUAL_PAUSE_MILLIS = 2_000;
const LONGEST_PAUSE_MILLIS = 30_000;

/**
 * Follows a subscription until it is told to stop: it reconnects by itself and continues after the last event, without a
 * token or with the one that is pasted at the time. Not by an EventSource, which hides raw frames, the hub's answers, and
 * events of all types that it was not told of.
 *
 * The listener has `state(name, detail)`, `event(frame)`, `replayed(count, again)` at the end of what had been published
 * before, `lost()` and `gap(frame)`. The states: `connecting`, `live`, `lost`, `unreachable`, `refused` (with the reason; it
 * waits for another token), `ended` (the hub wants no return), `paused`, `stopped`.
 */
export class Watcher {
  #listener;
  #url;
  #request;
  #hurry;
  #state = 'stopped';
  #live = false;
  #wasLive = false;
  #catchingUp = false;
  #replayed = 0;

  /** The id that it would continue after; empty if it has none yet. */
  lastEventId = '';

  /** When it tries again, by the clock of `performance`; undefined while it does not wait. */
  retryAt;

  constructor(listener) {
    this.#listener = listener;
    token.addEventListener('change', () => this.#running && this.resume());
    addEventListener('online', () => this.#hurry?.());
    document.addEventListener('visibilitychange', () => document.hidden || this.#hurry?.());
  }

  get state() {
    return this.#state;
  }

  get #running() {
    return !['stopped', 'paused', 'ended'].includes(this.#state);
  }

  /**
   * Begins.
   *
   * @param selectors what to ask for
   * @param start pairs of parameters that say where to begin
   */
  start(selectors, start) {
    this.stop();
    this.#url = lastEventId => streamUrl(selectors, parameters(start, lastEventId));
    this.lastEventId = '';
    this.#wasLive = false;
    // Without a start there is no past, and the hub does not tell where it ends.
    this.#catchingUp = start.length > 0;
    this.resume();
  }

  /** Goes on after the last event. */
  resume() {
    this.#request?.abort();
    this.#leave();
    this.#request = new AbortController();
    this.#run(this.#request.signal);
  }

  /** Holds no connection until it is resumed. The hub keeps what comes meanwhile. */
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
    this.#leave();
    this.#tell(state);
  }

  async #run(signal) {
    let failures = 0;
    this.#tell('connecting');
    while (!signal.aborted) {
      try {
        const end = await this.#listen(signal);
        if (end.final) {
          this.#tell('ended');
          return;
        }
        failures = this.#live ? 0 : failures + 1;
        this.#lose(signal);
        await this.#wait(failures === 0 ? (end.retryMillis ?? USUAL_PAUSE_MILLIS) : growing(failures), signal);
      } catch (failure) {
        if (signal.aborted) {
          return;
        }
        this.#lose(signal);
        if (failure instanceof Refusal) {
          this.#tell('refused', failure.message);
          return;
        }
        await this.#wait(growing(failures++), signal);
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
        frames: list => signal.aborted || list.forEach(frame => this.#take(frame)),
      },
    });
  }

  #take(frame) {
    this.lastEventId = frame.id;
    if (!isSignal(frame)) {
      if (frame.data !== null) {
        this.#replayed += this.#catchingUp ? 1 : 0;
        this.#listener.event(frame);
      }
    } else if (!this.#live && frame.type === 'message' && frame.data !== null) {
      this.#live = true;
      this.#replayed = 0;
      this.#tell('live');
    } else if (frame.type === 'gap') {
      this.#listener.gap(frame);
    } else if (frame.type === 'live') {
      this.#listener.replayed(this.#replayed, this.#wasLive);
      this.#wasLive = true;
      this.#catchingUp = false;
    }
  }

  #leave() {
    this.#wasLive ||= this.#live && !this.#catchingUp;
    this.#catchingUp ||= this.#live;
    this.#live = false;
  }

  #lose(signal) {
    const was = this.#live;
    this.#leave();
    if (was && !signal.aborted) {
      this.#listener.lost();
    }
  }

  #wait(millis, signal) {
    if (signal.aborted) {
      return Promise.resolve();
    }
    this.retryAt = performance.now() + millis;
    this.#tell(this.#wasLive || this.lastEventId ? 'lost' : 'unreachable');
    return new Promise(done => {
      const timer = setTimeout(() => this.#hurry?.(), millis);
      const hurry = () => {
        clearTimeout(timer);
        // Else the signal would hold one for each time that the hub was away.
        signal.removeEventListener('abort', hurry);
        this.#hurry = undefined;
        this.retryAt = signal.aborted ? this.retryAt : undefined;
        done();
      };
      this.#hurry = hurry;
      signal.addEventListener('abort', hurry);
    });
  }

  #tell(name, detail) {
    this.#state = name;
    this.#listener.state(name, detail);
  }
}

/** Who has a last id sends it; a start besides makes the hub tell where the past ends. */
function parameters(start, lastEventId) {
  return start.length > 0 || lastEventId === '' ? start : [['since', 1]];
}

/** Longer from failure to failure, and at random, so that not all pages come back at once. */
function growing(failures) {
  return Math.min(LONGEST_PAUSE_MILLIS, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2);
}
