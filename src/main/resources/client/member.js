import { pause } from './attempts.js';
import { Connection } from './connection.js';
import { HeraldError } from './error.js';
import { memberLock, serve } from './feed.js';
import { identity } from './tokens.js';
import { serveInWorker } from './worker.js';
export { Member };

/** Part of a page in a shared connection. Without a common position or a server, it reads alone. */
class Member {
  #key;
  #request;
  #tokens;
  #identity;
  #listener;
  #position;
  #id = crypto.randomUUID();
  #leaving = new AbortController();
  #channel;
  #served = true;
  #answer;
  #feed;
  #number;
  #inbox = [];
  #wake;
  #own;
  #ownIsLive = false;
  #joining;

  /** @param position ids of the last item and event; the listener sets them while it gets an item */
  constructor({ key, request, tokens, token }, listener, position) {
    this.#key = key;
    this.#request = request;
    this.#tokens = tokens;
    this.#identity = identity(token);
    this.#listener = listener;
    this.#position = position;
  }

  async run() {
    this.#channel = new BroadcastChannel(this.#key);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    await new Promise(held => {
      const hold = async () => {
        held();
        while (!this.#closed) {
          await pause(Infinity, this.#leaving.signal);
        }
      };
      // Without locks, there is no server, and it reads alone.
      navigator.locks.request(memberLock(this.#key, this.#id), hold).catch(held);
    });
    this.#offerToServe();
    while (!this.#closed) {
      if (this.#feed || (await this.#join())) {
        await this.#follow();
      } else if (!this.#closed) {
        await this.#readAlone();
      }
    }
  }

  async #offerToServe() {
    await serveInWorker(this.#key, this.#request);
    while (await serve(this.#key, this.#request, this.#leaving.signal)) {
      // Its own page is still here.
    }
  }

  get #closed() {
    return this.#leaving.signal.aborted;
  }

  close() {
    if (!this.#closed) {
      this.#leaving.abort();
      this.#channel?.postMessage({ leave: this.#id });
      this.#channel?.close();
      this.#own?.close();
      this.#answer?.({});
      this.#wake?.();
    }
  }

  nudge(since) {
    this.#own?.nudge(since);
    this.#channel?.postMessage({ nudge: true, since });
  }

  #receive(message) {
    this.#served ||= Boolean(message.feed);
    if (message.serving) {
      this.#detach();
      if (this.#answer) {
        this.#askToJoin();
      }
    }
    if (message.to === this.#id) {
      if (message.tokenFor) {
        this.#sendToken(message);
      } else if (message.request === this.#answer?.request) {
        this.#answer(message);
      }
    } else if (this.#feed && message.feed === this.#feed) {
      this.#follower(message);
    } else if (this.#ownIsLive && (message.item || message.serving || message.state)) {
      this.#joinFromOwn();
    }
  }

  #follower({ item, number, state, failure, millis, over, error }) {
    if (item && (number !== ++this.#number || this.#inbox.length > 500)) {
      // Lost or too slow: it resumes by itself.
      this.#detach();
    } else if (item) {
      this.#inbox.push(item);
      this.#wake?.();
    } else if (state) {
      this.#listener.state(state, failure && new Error(failure), millis);
    } else if (over) {
      this.#over(error && new HeraldError(error));
    }
  }

  #over(error) {
    this.close();
    this.#listener.over(error);
  }

  #detach() {
    this.#feed = undefined;
    this.#wake?.();
  }

  /** Returns whether it could join at the current position. */
  async #join() {
    let timer;
    const { feed, number, items, last, wait } = await new Promise(done => {
      timer = setTimeout(done, 2_000, {});
      this.#answer = message => (message.wait && !this.#own ? clearTimeout(timer) : done(message));
      this.#askToJoin();
    });
    clearTimeout(timer);
    this.#answer = undefined;
    this.#served = Boolean(feed);
    if (items && !this.#closed) {
      this.#feed = feed;
      this.#number = number;
      this.#inbox = last ? [...items, { kind: 'live', id: last }] : items;
    }
    if (this.#feed || wait) {
      this.#own?.close();
    }
    return Boolean(this.#feed);
  }

  #askToJoin() {
    const request = (this.#answer.request = crypto.randomUUID());
    this.#channel.postMessage({ join: this.#id, request, ...this.#position });
  }

  async #follow() {
    while (this.#feed && !this.#closed) {
      const item = this.#inbox.shift();
      await (item ? this.#listener.item(item) : new Promise(wake => (this.#wake = wake)));
    }
  }

  async #readAlone() {
    const listener = {
      item: item => this.#ownItem(item),
      state: (state, failure, millis) => {
        this.#ownIsLive = false;
        this.#listener.state(state, failure, millis);
      },
      over: error => this.#over(error),
    };
    this.#own = new Connection(this.#request, this.#ownTokens(), listener, this.#position.last);
    await this.#own.run();
    this.#own = undefined;
    this.#ownIsLive = false;
  }

  /** Tokens of this identity only: the events of others must not mix with the shared ones. */
  #ownTokens() {
    const checked = async pending => {
      const token = await pending;
      if (identity(token) !== this.#identity && !this.#closed) {
        this.close();
        this.#listener.moved();
      }
      return token;
    };
    return {
      renewable: this.#tokens.renewable,
      get: () => checked(this.#tokens.get()),
      renew: used => checked(this.#tokens.renew(used)),
    };
  }

  async #ownItem(item) {
    // The position must not change while it joins.
    await this.#joining;
    if (!this.#feed && !this.#closed) {
      await this.#listener.item(item);
      if (item.kind === 'live') {
        this.#ownIsLive = true;
        await (this.#served && this.#joinFromOwn());
      }
    }
  }

  #joinFromOwn() {
    this.#joining ??= this.#join().then(() => (this.#joining = undefined));
    return this.#joining;
  }

  async #sendToken({ tokenFor: answer, renew, used }) {
    try {
      const token = await (renew ? this.#tokens.renew(used) : this.#tokens.get());
      if (identity(token) === this.#identity) {
        this.#channel.postMessage({ answer, token });
      } else {
        // Another page has the token. Without an answer, it would be asked late.
        this.#channel.postMessage({ answer, moved: true });
        this.close();
        this.#listener.moved();
      }
    } catch (failure) {
      this.#channel.postMessage({ answer, failure: String(failure) });
    }
  }
}
