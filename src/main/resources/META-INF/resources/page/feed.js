import { hub, SUBSCRIPTION } from './hub.js';
import { reason } from './problem.js';
import { token } from './token.js';

/**
 * Subscription of a view. It keeps its position while it is stopped, and when the token changes.
 *
 * The listener has `state(name, detail)`, `event(event)`, `replayed(count, again)` when all events so far have been delivered,
 * `lost()` and `gap(gap)`. The states: `connecting`, `replaying`, `live`, `lost`, `unreachable` (it was never live), `rejected`
 * (with the reason; it waits for another token), `ended` (the hub wants no reconnection), and those given to `stop`.
 */
export class Feed {
  #listener;
  #options;
  #subscription;
  #generation;
  #state = 'stopped';
  #running = false;
  #wasLive = false;
  #replayed = 0;
  #lastEventId = '';

  /** Time of the next attempt, by the clock of `performance`; undefined unless it waits for one. */
  retryAt;

  /** @param options of the subscription, unless it is started with others */
  constructor(listener, options) {
    this.#listener = listener;
    this.#options = options;
    token.addEventListener('change', () => this.#running && this.resume());
  }

  get state() {
    return this.#state;
  }

  /** Id after which it resumes; empty before the first. */
  get lastEventId() {
    return this.#subscription?.lastEventId || this.#lastEventId;
  }

  /** Starts another subscription with these options. */
  start(options) {
    this.#leave();
    this.#options = options;
    this.#lastEventId = options.lastEventId ?? '';
    this.#wasLive = false;
    this.#replayed = 0;
    this.resume();
  }

  /** Subscribes after the last event. */
  resume() {
    this.#leave();
    this.#running = true;
    const generation = (this.#generation = {});
    const current = handler => (...given) => generation === this.#generation && handler(...given);
    this.#set('connecting');
    this.#subscription = hub().subscribe(
      {
        ...SUBSCRIPTION,
        ...this.#options,
        lastEventId: this.#lastEventId,
        signals: true,
        onState: current((...given) => this.#changed(...given)),
      },
      current(item => this.#receive(item)),
    );
  }

  /** Closes the connection until it is resumed. The hub retains the events published meanwhile. */
  stop(state) {
    this.#leave();
    this.#running = false;
    this.#set(state);
  }

  #leave() {
    this.#lastEventId = this.lastEventId;
    this.#generation = undefined;
    this.#subscription?.close();
    this.#subscription = undefined;
    this.retryAt = undefined;
    this.#beginReplay();
  }

  #beginReplay() {
    this.#replayed = this.#state === 'live' ? 0 : this.#replayed;
  }

  #receive(item) {
    if (item.signal === 'gap') {
      this.#listener.gap({ ...item, id: this.lastEventId });
    } else if (!item.signal) {
      if (this.#state !== 'live') {
        this.#replayed++;
        this.#set('replaying');
      }
      this.#listener.event(item);
    }
  }

  #changed(state, error, millis) {
    const wasLive = this.#state === 'live';
    this.retryAt = state === 'waiting' ? performance.now() + millis : undefined;
    this.#beginReplay();
    if (state === 'live') {
      this.#set('live');
      this.#listener.replayed(this.#replayed, this.#wasLive);
      this.#wasLive = true;
    } else if (state === 'waiting' || wasLive) {
      this.#set(this.#wasLive || this.lastEventId ? 'lost' : 'unreachable');
    }
    if (wasLive) {
      this.#listener.lost();
    }
    if (state === 'closed') {
      this.#running = error !== undefined;
      this.#set(error ? 'rejected' : 'ended', error && reason(error));
    }
  }

  #set(state, detail) {
    const changed = this.#state !== state;
    this.#state = state;
    if (changed) {
      this.#listener.state(state, detail);
    }
  }
}
