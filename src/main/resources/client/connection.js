import { backoff, pause, RESPONSE_MILLIS } from './attempts.js';
import { failureOf, HeraldError } from './error.js';
import { StreamParser } from './parser.js';
import { authorization, claims } from './tokens.js';
export { Connection };

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
    const millis = backoff(this.#failures++, failure, this.#retry);
    this.#listener.state('waiting', failure, millis);
    return millis;
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
    const { base, path, topics, since, envelope, raw, auth, credentials, heartbeat } = this.#request;
    const url = new URL(path, base);
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
    return this.#receive(response, new StreamParser(lastEventId, hasReplay, raw), signal);
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
