import { Connection } from './connection.js';
import { HeraldEvent } from './event.js';
import { Member } from './member.js';
import { Queue } from './queue.js';
import { identity } from './tokens.js';
export { Subscription };

class Subscription {
  #context;
  #options;
  #handler;
  #queue = new Queue();
  #source;
  #generation = 0;
  #position;
  #storage;
  #state;

  constructor(context, options, handler) {
    this.#context = context;
    this.#options = options;
    this.#handler = handler;
    const { base, topics } = context.request;
    this.#storage = options.resume && `herald ${options.resume} ${base} ${JSON.stringify(topics)}`;
    const stored = this.#storage && globalThis.sessionStorage?.getItem(this.#storage);
    const { lastEventId = '' } = options;
    this.#position = stored ? JSON.parse(stored) : { last: lastEventId, event: lastEventId };
    this.resume();
  }

  get state() {
    return this.#state;
  }

  get lastEventId() {
    return this.#position.last;
  }

  close() {
    this.#finish();
  }

  nudge(since) {
    this.#source?.nudge(since);
  }

  suspend() {
    this.#generation++;
    this.#source?.close();
    this.#source = undefined;
  }

  resume() {
    if (!this.#source && this.#state !== 'closed') {
      this.#open(++this.#generation);
    }
  }

  async #open(generation) {
    // What a former source delivers will come again.
    const current = () => generation === this.#generation;
    const listener = {
      item: item => (current() ? this.#deliver(item) : undefined),
      state: (...given) => current() && this.#setState(...given),
      over: error => current() && this.#finish(error),
      moved: () => current() && (this.suspend(), this.resume()),
    };
    this.#setState('connecting');
    const shared = await this.#shared();
    if (current()) {
      const { request, tokens } = this.#context;
      this.#source = shared
        ? new Member(shared, listener, this.#position)
        : new Connection(request, tokens, listener, this.#position.last);
      this.#source.run().catch(failure => current() && this.#finish(failure));
    }
  }

  /** What pages need to share a connection. The user of a cookie is unknown. */
  async #shared() {
    const { tokens, request } = this.#context;
    const { share = true } = this.#options;
    const mayShare = typeof share === 'string' || (share && request.credentials === 'omit');
    if (mayShare && globalThis.isSecureContext && globalThis.BroadcastChannel && globalThis.navigator?.locks) {
      const token = await tokens.get().catch(() => null);
      const key = `herald ${JSON.stringify([share, identity(token), request])}`;
      return token === null ? undefined : { key, request: { ...request, renewable: tokens.renewable }, tokens, token };
    }
    return undefined;
  }

  #deliver(item) {
    const { kind, id, data, raw } = item;
    this.#position.last = id;
    let value;
    if (kind === 'event') {
      this.#position.event = id;
      value = new HeraldEvent(item, this.#context.request.envelope);
    } else if (kind !== 'position') {
      const signal = this.#signal(kind, data);
      value = this.#options.signals && signal && Object.assign(signal, raw && { raw });
    }
    const position = JSON.stringify(this.#position);
    if (!this.#handler) {
      // Positions, too: a loop stores them after the events before.
      return this.#queue.put({ value, position });
    }
    if (value) {
      this.#call(this.#handler, value);
    }
    return this.#store(position);
  }

  /** Reports a signal. Returns it, if it is news. */
  #signal(signal, data) {
    if (signal === 'live') {
      return this.#setState(signal) ? { signal } : undefined;
    }
    const detail = JSON.parse(data);
    this.#call(signal === 'gap' ? this.#options.onGap : this.#options.onEnd, detail);
    return { ...detail, signal };
  }

  #store(position) {
    if (this.#storage) {
      this.#call(() => globalThis.sessionStorage?.setItem(this.#storage, position));
    }
  }

  #setState(state, error, millis) {
    const changed = this.#state !== state;
    this.#state = state;
    if (changed || error) {
      this.#call(this.#options.onState, state, error, millis);
    }
    if (changed && state === 'live') {
      this.#call(this.#options.onLive);
    }
    return changed;
  }

  #call(handler, ...values) {
    try {
      handler?.(...values);
    } catch (failure) {
      (globalThis.reportError ?? console.error)(failure);
    }
  }

  #finish(error) {
    if (this.#state !== 'closed') {
      this.suspend();
      this.#setState('closed', error);
      // A loop throws it. Without one, nobody else would see it.
      if (error && this.#handler && !this.#options.onState) {
        console.error(error.message);
      }
      this.#queue.end(error);
      this.#context.onClose(this);
    }
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (let next = await this.#queue.take(); next; next = await this.#queue.take()) {
        if (next.value) {
          yield next.value;
        }
        // Only now has the loop processed it.
        this.#store(next.position);
      }
    } finally {
      this.close();
    }
  }
}
