// Client of the hub, in one file, so that an application can copy it. The interface is documented in herald.d.ts.

const MAX_TIMER_MILLIS = 2 ** 31 - 1;

const RESPONSE_MILLIS = 30_000;

/** Rejection by the hub, with the members of its problem document (RFC 9457). */
export class HeraldError extends Error {
  constructor({ status, type = 'about:blank', title, detail, index }) {
    super(detail ?? `The response status was ${status}.`);
    Object.assign(this, { name: 'HeraldError', status, type, title, detail, index });
  }
}

/** The failure that a response means: without `status` if another attempt may mend it. */
async function failureOf(response) {
  const { status, headers } = response;
  if (![200, 408, 425, 429, 500, 502, 503, 504].includes(status)) {
    return new HeraldError({ ...(await response.json().catch(() => null)), status });
  }
  const value = headers.get('Retry-After');
  const retryAfter = /^\d+$/.test(value) ? value * 1_000 : Date.parse(value) - Date.now();
  return Object.assign(new Error(`The response status was ${status}.`), retryAfter > 0 && { retryAfter });
}

/** Not crypto.randomUUID, which insecure origins do not have. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), number => number.toString(36)).join('-');
}

function authorization(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Milliseconds before the next attempt, with jitter. */
function backoff(failures, { retryAfter }, retry = 0) {
  if (retryAfter) {
    return retryAfter * (1 + Math.random() / 5);
  }
  return failures === 0 && retry > 0
    ? retry * (1 + Math.random() / 2)
    : Math.max(retry, Math.min(30_000, (retry || 2_000) * 2 ** failures) * (0.5 + Math.random() / 2));
}

function pause(millis, signal) {
  return new Promise(done => {
    const timer = setTimeout(done, signal?.aborted ? 0 : Math.min(millis, MAX_TIMER_MILLIS));
    signal?.addEventListener('abort', () => (clearTimeout(timer), done()));
  });
}

/** Claims of a token; none if it is no JWT. */
function claims(token) {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), byte => byte.charCodeAt(0))));
  } catch {
    return {};
  }
}

/** Text that is equal for tokens of the same subject with the same rights: the claims without times. */
function identity(token) {
  const { exp, iat, nbf, jti, ...rest } = claims(token);
  return Object.keys(rest).length > 0 ? JSON.stringify(Object.entries(rest).sort()) : (token ?? '');
}

/** Token of a page. All requests share it. */
class Tokens {
  #request;
  #current;

  constructor(request) {
    this.#request = request;
  }

  get renewable() {
    return Boolean(this.#request);
  }

  get() {
    return (this.#current ??= this.#fetch(false));
  }

  /** A token that is valid longer than `used`. */
  async renew(used) {
    const before = this.#current;
    const token = await before?.catch(() => used);
    if (before === this.#current && (!before || token === used || claims(token).exp <= claims(used).exp)) {
      this.#current = this.#fetch(true);
    }
    return this.get();
  }

  #fetch(renew) {
    const token = (async () => (await this.#request?.({ renew })) || undefined)();
    // A failure is not kept.
    token.catch(() => this.#current === token && (this.#current = undefined));
    return token;
  }
}

/**
 * Parser of an event stream that arrives as bytes cut anywhere (HTML §9.2.6). An item is a published `event`, a signal of
 * the hub (`live`, `gap`, `end`), whose id begins with a character that publishers may not use, or a `position`.
 */
export class StreamParser {
  #decoder = new TextDecoder();
  #rest = [];
  #afterReturn = false;
  #id;
  #ownId = false;
  #type = '';
  #data = [];
  #started = false;
  #hasReplay;

  /** Reconnection time that the hub asked for, in milliseconds. */
  retry;

  /** @param hasReplay whether the hub will signal the end of a replay */
  constructor(lastEventId = '', hasReplay = false) {
    this.#id = lastEventId;
    this.#hasReplay = hasReplay;
  }

  push(bytes) {
    const items = [];
    for (const line of this.#lines(this.#decoder.decode(bytes, { stream: true }))) {
      if (line !== '') {
        this.#parse(line);
      } else if (this.#ownId || this.#data.length > 0) {
        items.push(this.#item());
      } else {
        this.#type = '';
      }
    }
    return items;
  }

  *#lines(text) {
    // The CR of a CRLF has already ended the line.
    let start = this.#afterReturn && text[0] === '\n' ? 1 : 0;
    this.#afterReturn = text === '' ? this.#afterReturn : text.endsWith('\r');
    for (const { 0: end, index } of text.matchAll(/\r\n?|\n/g)) {
      if (index >= start) {
        this.#rest.push(text.slice(start, index));
        yield this.#rest.splice(0).join('');
        start = index + end.length;
      }
    }
    this.#rest.push(text.slice(start));
  }

  #parse(line) {
    const [, name, value] = /^([^:]*)(?::\x20?)?(.*)$/s.exec(line);
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      // Remembered by the connection at the end of the block: an incomplete one is sent again.
      this.#id = value;
      this.#ownId = true;
    } else if (name === 'retry' && /^\d+$/.test(value)) {
      this.retry = Number(value);
    }
  }

  #item() {
    const item = { id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') };
    const kind = this.#kind(item);
    this.#started = true;
    this.#ownId = false;
    this.#type = '';
    this.#data = [];
    return { ...item, kind };
  }

  #kind({ id, type }) {
    const isSignal = this.#ownId && id.startsWith('#');
    if (type === 'end' && (isSignal || !this.#started)) {
      // A stream that was not opened, whatever the id.
      return 'end';
    }
    if (isSignal) {
      return type === 'gap' ? type : type === 'live' || !(this.#started || this.#hasReplay) ? 'live' : 'position';
    }
    return this.#data.length > 0 ? 'event' : 'position';
  }
}

/** Resumes after the last item until it is closed. A promise of the listener's `item(item)` delays the next one. */
class Connection {
  #request;
  #tokens;
  #listener;
  #lastEventId;
  #closed = false;
  #attempt;
  #waiting;
  #atOnce;
  #failures = 0;
  #retry;
  #token;
  #renew = false;
  #renewedAt = 0;
  #mayRenew = true;
  #heardAt = 0;
  #silence = 0;

  constructor(request, tokens, listener, lastEventId) {
    this.#request = request;
    this.#tokens = tokens;
    this.#listener = listener;
    this.#lastEventId = lastEventId;
  }

  async run() {
    while (!this.#closed) {
      this.#attempt = new AbortController();
      this.#waiting = new AbortController();
      const watch = setInterval(() => this.nudge(Date.now() - this.#silence), 1_000);
      const millis = await this.#connect(this.#attempt.signal).catch(failure => this.#failed(failure));
      clearInterval(watch);
      this.#attempt.abort();
      if (!this.#closed) {
        await pause(millis, this.#waiting.signal);
      }
    }
  }

  close() {
    this.#closed = true;
    this.#reconnect();
  }

  /** Reconnects at once if it waits, or has received nothing since that time: a cut network closes no connection. */
  nudge(since = Date.now() - this.#silence / 2) {
    if (this.#heardAt < since || this.#attempt?.signal.aborted) {
      this.#reconnect();
    }
  }

  #reconnect() {
    this.#atOnce = true;
    this.#attempt?.abort();
    this.#waiting?.abort();
  }

  #failed(failure) {
    if (this.#closed || this.#atOnce) {
      return 0;
    }
    if (failure instanceof HeraldError) {
      return this.#finish(failure);
    }
    this.#listener.state('waiting', failure);
    return backoff(this.#failures++, failure, this.#retry);
  }

  #finish(error) {
    this.close();
    this.#listener.over(error);
    return 0;
  }

  /** Reads one stream to its end. Returns the milliseconds before the next; fails for the usual time. */
  async #connect(signal) {
    this.#atOnce = false;
    this.#heardAt = Date.now();
    this.#silence = RESPONSE_MILLIS;
    this.#listener.state('connecting');
    this.#token = await (this.#renew ? this.#tokens.renew(this.#token) : this.#tokens.get());
    this.#renew = false;
    const { base, topics, since, envelope, auth, credentials, heartbeat } = this.#request;
    const url = new URL('SSE', base);
    topics.forEach(topic => url.searchParams.append('topic', topic));
    const lastEventId = this.#lastEventId;
    // Besides an id, it makes the hub signal the end of the replay.
    const parameters = { since: since ?? (lastEventId && 1), lastEventId, envelope: envelope && 1, auth };
    Object.entries(parameters).forEach(([name, value]) => value && url.searchParams.set(name, value));
    const hasReplay = url.searchParams.has('since');
    // Longer URLs do not pass some proxies.
    const form = url.search.length > 4_000 && { method: 'POST', body: new URLSearchParams(url.search) };
    if (form) {
      url.search = '';
    }
    const headers = authorization(this.#token);
    const response = await fetch(url, { headers, credentials, signal, cache: 'no-store', ...form });
    if (response.status === 204) {
      return this.#finish();
    }
    if (response.status === 401 && this.#mayRenew && this.#tokens.renewable) {
      // Once: if the next one is rejected too, the application must know.
      this.#mayRenew = false;
      return this.#renewNext();
    }
    if (response.status !== 200 || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      throw await failureOf(response);
    }
    this.#silence = 2 * (heartbeat ?? response.headers.get('Herald-Heartbeat') ?? 15_000) + 5_000;
    return this.#receive(response, new StreamParser(lastEventId, hasReplay), signal);
  }

  #renewNext() {
    this.#renew = true;
    const millis = Math.max(0, this.#renewedAt + 1_000 - Date.now());
    this.#renewedAt = Date.now() + millis;
    return millis;
  }

  async #receive(response, parser, signal) {
    this.#renewBefore(signal);
    const reader = response.body.getReader();
    let expired = false;
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        // The listener may take its time.
        this.#heardAt = Infinity;
        for (const item of parser.push(part.value)) {
          if (item.kind !== 'end') {
            this.#failures = 0;
            this.#mayRenew = true;
          }
          expired ||= item.kind === 'end' && /"(token-expired|revoked)"/.test(item.data);
          const pending = this.#listener.item(item);
          if (pending) {
            await pending;
          }
          this.#lastEventId = item.id;
          signal.throwIfAborted();
        }
        this.#heardAt = Date.now();
      }
    } finally {
      this.#retry = parser.retry ?? this.#retry;
    }
    if (expired && this.#tokens.renewable) {
      return this.#renewNext();
    }
    throw new Error('The stream has ended.');
  }

  /** Reopens the stream with another token before this one expires. If that fails, the hub's `end` is the next occasion. */
  async #renewBefore(signal) {
    const left = claims(this.#token).exp * 1_000 - Date.now();
    if (left > 0 && this.#tokens.renewable) {
      await pause(left - Math.min(60_000, left * 0.3) * (0.5 + Math.random() / 2), signal);
      const next = signal.aborted || (await this.#tokens.renew(this.#token).catch(() => this.#token));
      if (!signal.aborted && next !== this.#token) {
        this.#reconnect();
      }
    }
  }
}

/** Latest items of a shared connection, in which a page finds its position: exactly, or not at all. */
class Ring {
  #items = [];
  #characters = 0;
  #base;

  /** @param base position of the page with which the connection began */
  constructor(base) {
    this.#base = base;
  }

  add(item) {
    this.#items.push(item);
    this.#characters += item.data.length + item.id.length;
    while (this.#items.length > 500 || this.#characters > 1_000_000) {
      const { data, id } = this.#items.shift();
      this.#characters -= data.length + id.length;
      this.#base = undefined;
    }
  }

  /** Items after the ids of the `last` item and `event`; for a page without them, from `since` on. */
  after({ last, event }, since) {
    if (last) {
      return this.#find('event', event) ?? this.#find('last', last);
    }
    return since === undefined ? [] : this.#latest(since);
  }

  #latest(since) {
    if (this.#base?.last !== '' || since === 'latest') {
      return undefined;
    }
    let left = isNaN(since) ? Infinity : since;
    const start = this.#items.findLastIndex(item => item.kind === 'event' && --left === 0);
    return this.#items.slice(Math.max(0, start));
  }

  #find(name, id) {
    const found = this.#items.filter(item => item.id === id && (name === 'last' || item.kind === 'event'));
    const isBase = this.#base?.[name] === id;
    // Publishers may use an id twice.
    if (id && found.length + isBase === 1) {
      return isBase ? this.#items : this.#items.slice(this.#items.indexOf(found[0]) + 1);
    }
    return undefined;
  }
}

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
      state: (state, failure) => {
        this.#live = false;
        this.#post({ state, failure: failure?.message });
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
      if (answer) {
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

/** Null if the page's policy forbids it, or this file is from another origin. */
let worker;

async function serveInWorker(key, request) {
  try {
    worker = worker === undefined ? new SharedWorker(import.meta.url, { type: 'module', name: 'herald' }) : worker;
    worker?.port.start();
  } catch {
    worker = null;
  }
  if (worker) {
    await new Promise(done => {
      setTimeout(done, 5_000);
      worker.addEventListener('error', () => (done(), (worker = null)));
      worker.port.addEventListener('message', ({ data }) => data === key && done());
      worker.port.postMessage({ key, request });
    });
  }
}

if (globalThis.SharedWorkerGlobalScope && globalThis.name === 'herald') {
  const keys = new Set();
  globalThis.onconnect = ({ ports: [port] }) => {
    port.onmessage = async ({ data: { key, request } }) => {
      if (!keys.has(key)) {
        keys.add(key);
        serve(key, request).finally(() => keys.delete(key));
      }
      // Its request for the lock precedes those of the pages.
      await navigator.locks.query();
      port.postMessage(key);
    };
  };
}

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

  #follower({ item, number, state, failure, over, error }) {
    if (item && (number !== ++this.#number || this.#inbox.length > 500)) {
      // Lost or too slow: it resumes by itself.
      this.#detach();
    } else if (item) {
      this.#inbox.push(item);
      this.#wake?.();
    } else if (state) {
      this.#listener.state(state, failure && new Error(failure));
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
      state: (state, failure) => {
        this.#ownIsLive = false;
        this.#listener.state(state, failure);
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
        this.close();
        this.#listener.moved();
      }
    } catch (failure) {
      this.#channel.postMessage({ answer, failure: String(failure) });
    }
  }
}

class HeraldEvent {
  #data;

  constructor({ id, type, data }, hasEnvelope) {
    Object.assign(this, { id, type, text: data });
    const envelope = hasEnvelope && json(data);
    if (envelope?.id === id && envelope.topics) {
      this.#data = envelope.data;
      this.text = typeof envelope.data === 'string' ? envelope.data : JSON.stringify(envelope.data);
      Object.assign(this, { topics: envelope.topics, private: envelope.private, time: new Date(envelope.time) });
    }
  }

  get data() {
    if (this.#data === undefined) {
      const value = json(this.text);
      this.#data = value === undefined ? this.text : value;
    }
    return this.#data;
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bounded queue for a `for await` loop. A full one delays the stream. */
class Queue {
  #values = [];
  #room;
  #next;
  #end;

  put(value) {
    this.#values.push(value);
    this.#next?.();
    return this.#values.length < 256 ? undefined : new Promise(room => (this.#room = room));
  }

  end(error) {
    this.#end ??= { error };
    this.#next?.();
    this.#room?.();
  }

  async take() {
    while (this.#values.length === 0 && !this.#end) {
      await new Promise(next => (this.#next = next));
    }
    this.#room?.();
    if (this.#values.length === 0 && this.#end.error) {
      throw this.#end.error;
    }
    return this.#values.shift();
  }
}

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
    this.#position = stored ? JSON.parse(stored) : { last: '', event: '' };
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
      state: (state, error) => current() && this.#setState(state, error),
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

  #deliver({ kind, id, type, data }) {
    this.#position.last = id;
    let value;
    if (kind === 'event') {
      this.#position.event = id;
      value = new HeraldEvent({ id, type, data }, this.#context.request.envelope);
    } else if (kind !== 'position') {
      const signal = this.#signal(kind, data);
      value = this.#options.signals && signal;
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

  #setState(state, error) {
    const changed = this.#state !== state;
    this.#state = state;
    if (changed || error) {
      this.#call(this.#options.onState, state, error);
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

export class Herald {
  #base;
  #tokens;
  #credentials;
  #subscriptions = new Set();
  #listening = new AbortController();

  constructor(url = new URL('.', import.meta.url), { token, credentials = 'omit' } = {}) {
    const base = new URL(url, globalThis.document?.baseURI);
    base.pathname = base.pathname.replace(/\/?$/, '/');
    this.#base = base.href;
    this.#tokens = new Tokens(token);
    this.#credentials = credentials;
    this.#listenToThePage();
  }

  /** A frozen page, or one that is kept for the back button, must not hold locks. */
  #listenToThePage() {
    const { signal } = this.#listening;
    const on = (target, type, handler) => target?.addEventListener?.(type, handler, { signal });
    const each = (name, ...values) => this.#subscriptions.forEach(subscription => subscription[name](...values));
    let offlineAt;
    on(globalThis, 'offline', () => (offlineAt = Date.now()));
    on(globalThis, 'online', () => each('nudge', offlineAt));
    on(globalThis, 'pagehide', () => each('suspend'));
    on(globalThis, 'pageshow', () => each('resume'));
    const page = globalThis.document;
    on(page, 'freeze', () => each('suspend'));
    on(page, 'resume', () => each('resume'));
    on(page, 'visibilitychange', () => page.visibilityState === 'visible' && each('nudge'));
  }

  subscribe(options = {}, onEvent) {
    const credentials = this.#credentials;
    const { topics = [], since, envelope, heartbeat, auth = credentials === 'omit' ? undefined : 'required' } = options;
    const request = { base: this.#base, topics: [topics].flat().sort(), since, envelope, auth, credentials, heartbeat };
    const onClose = subscription => this.#subscriptions.delete(subscription);
    const subscription = new Subscription({ request, tokens: this.#tokens, onClose }, options, onEvent);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** The request has a key, by which the hub recognizes it if it is sent again. */
  async publish(update, { key = randomKey(), timeout = 60_000, signal } = {}) {
    const deadline = Date.now() + timeout;
    const body = JSON.stringify(update);
    for (let failures = 0, used; ; failures++) {
      try {
        const token = await (used ? this.#tokens.renew(used.token) : this.#tokens.get());
        const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...authorization(token) };
        const { response, ids } = await this.#post({ headers, body }, signal);
        if (response.ok) {
          return Array.isArray(update) ? ids : ids[0];
        }
        if (response.status !== 401 || used || !this.#tokens.renewable) {
          throw await failureOf(response);
        }
        used = { token };
      } catch (failure) {
        const millis = backoff(failures, failure);
        if (failure instanceof HeraldError || signal?.aborted || Date.now() + millis > deadline) {
          throw failure;
        }
        await pause(millis, signal);
      }
    }
  }

  async #post(request, signal) {
    const signals = [AbortSignal.timeout(RESPONSE_MILLIS), ...(signal ? [signal] : [])];
    const response = await fetch(new URL('updates', this.#base), {
      ...request,
      method: 'POST',
      credentials: this.#credentials,
      signal: AbortSignal.any(signals),
    });
    return { response, ids: response.ok ? (await response.json()).ids : undefined };
  }

  close() {
    this.#listening.abort();
    this.#subscriptions.forEach(subscription => subscription.close());
  }
}
