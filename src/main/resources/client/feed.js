import { Connection } from './connection.js';
import { Ring } from './ring.js';
export { memberLock, serve };

/** Held by a page while it takes part, so that its end is noticed. */
const memberLock = (key, member) => `${key} ${member}`;

/** Serves the pages with this key as soon as nobody else does, until the last one has left: then returns true. */
function serve(key, request, signal) {
  const served = navigator.locks.request(key, { signal }, () => new Feed(key, request).run(signal));
  return served.then(() => true, () => false);
}

/** One connection for several pages. A page joins at a position, and gets the items after it, or is rejected. */
class Feed {
  #key;
  #request;
  #id = crypto.randomUUID();
  #channel;
  #members = new Set();
  #joining = new Map();
  #answers = new Map();
  #connection;
  #ring;
  #number = 0;
  #last;
  #live = false;
  #stop;

  constructor(key, request) {
    this.#key = key;
    this.#request = request;
    this.#channel = new BroadcastChannel(key);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
  }

  async run(signal) {
    await new Promise(stop => {
      this.#stop = stop;
      signal?.addEventListener('abort', stop);
      this.#post({ serving: true });
      if (signal?.aborted) {
        stop();
      }
    });
    this.#connection?.close();
    this.#channel.close();
  }

  #post(message) {
    this.#channel.postMessage({ ...message, feed: this.#id });
  }

  #receive(message) {
    const { join, leave, nudge, answer } = message;
    if (join) {
      if (!this.#members.has(join)) {
        this.#members.add(join);
        navigator.locks.request(memberLock(this.#key, join), () => this.#leave(join));
      }
      this.#join(message);
    } else if (leave) {
      this.#leave(leave);
    } else if (nudge) {
      this.#connection?.nudge(message.since);
    } else if (answer) {
      this.#answers.get(answer)?.(message);
    }
  }

  #leave(member) {
    if (this.#members.delete(member) && this.#members.size === 0) {
      this.#stop();
    }
  }

  #join(message) {
    const isFirst = !this.#connection;
    if (isFirst) {
      this.#connect(message);
    }
    const isKnown = this.#live || message.last;
    const items = isFirst ? [] : isKnown && this.#ring.after(message, this.#request.since);
    const { join: to, request } = message;
    if (items || this.#live) {
      this.#post({ to, request, items, number: this.#number, last: this.#live && this.#last });
    } else {
      // Its position may still come. Meanwhile it must give up its own connection: a browser has few of them.
      this.#joining.set(to, message);
      this.#post({ to, request, wait: true });
    }
  }

  #connect({ last, event }) {
    this.#ring = new Ring({ last, event });
    const { renewable } = this.#request;
    const tokens = { renewable, get: () => this.#token(false), renew: used => this.#token(true, used) };
    const listener = {
      item: item => this.#item(item),
      state: (state, failure, millis) => {
        this.#live = false;
        this.#post({ state, failure: failure?.message, millis });
      },
      over: error => {
        this.#post({ over: true, error: error && { ...error } });
        this.#stop();
      },
    };
    this.#connection = new Connection(this.#request, tokens, listener, last);
    this.#connection.run();
  }

  #item(item) {
    const isLive = item.kind === 'live';
    this.#live ||= isLive;
    this.#last = item.id;
    if (item.kind !== 'end') {
      this.#ring.add(isLive ? { ...item, kind: 'position' } : item);
    }
    this.#post({ item, number: ++this.#number });
    if (this.#live) {
      const joining = [...this.#joining.values()];
      this.#joining.clear();
      joining.forEach(message => this.#join(message));
    }
  }

  /** Token of a page. Asks one after the other: some may be frozen. */
  async #token(renew, used) {
    for (const to of [...this.#members]) {
      const request = crypto.randomUUID();
      const answer = await new Promise(done => {
        this.#answers.set(request, done);
        setTimeout(done, 10_000);
        this.#post({ to, tokenFor: request, renew, used });
      });
      this.#answers.delete(request);
      if (answer?.failure) {
        throw new Error(answer.failure);
      }
      if (answer && !answer.moved) {
        return answer.token;
      }
      // Asked last from now on.
      if (this.#members.delete(to)) {
        this.#members.add(to);
      }
    }
    throw new Error('No page has answered with a token.');
  }
}
