/** Types of herald.js. Times are in milliseconds. */

/** Position from which a subscription without an earlier id begins. */
export type Since = number | 'earliest' | 'latest' | (string & {});

/** `connecting`, `live` (all events so far have been delivered), `waiting` for the next attempt, or `closed`. */
export type State = 'connecting' | 'live' | 'waiting' | 'closed';

/** Function that returns the token, or a promise of it. Without a token, requests are anonymous. */
export type TokenSource = (how: {
  /** Whether the last token is about to expire, has expired or was rejected: return another one. */
  renew: boolean;
}) => string | null | undefined | void | Promise<string | null | undefined | void>;

export interface HeraldOptions {
  token?: TokenSource;
  /**
   * Whether requests have cookies, as for `fetch`. Default: `omit`. Otherwise streams are requested with `auth=required`, and
   * pages share a connection only if `share` is a name.
   */
  credentials?: RequestCredentials;
}

/** Published event. */
export interface HeraldEvent<T = unknown> {
  readonly id: string;
  /** Type of the publisher; `message` without one. */
  readonly type: string;
  /** Data as published; of an envelope, as JSON. */
  readonly text: string;
  /** Value of the data, if it is JSON; else the text. */
  readonly data: T;
  /** With `envelope` only, as are `private` and `time`. */
  readonly topics?: string[];
  readonly private?: boolean;
  /** Time at which the hub accepted it. */
  readonly time?: Date;
  /** With `raw` only: the lines of the event in the stream, without comments. */
  readonly raw?: string;
}

/** Events are missing: the position to resume from is no longer retained, or unknown. */
export interface Gap {
  /** Id that was requested, if one was. */
  requested?: string;
  resumedAt: string;
}

/** The hub has ended a stream, or has not opened it. It is opened again, unless the token is the reason and cannot be renewed. */
export interface End {
  reason: 'token-expired' | 'revoked' | 'kicked' | 'too-many-streams' | 'overloaded' | 'draining' | (string & {});
  detail?: string;
}

/** Signal of the hub in the order of events. */
export type Signal = ({ signal: 'live' } | ({ signal: 'gap' } & Gap) | ({ signal: 'end' } & End)) & { raw?: string };

export interface SubscribeOptions {
  /** Topic selectors, 1 to 1,000. Default: the hub's default topic. */
  topics?: string | string[];
  /** Default: now. */
  since?: Since;
  /** Id after which to begin, such as that of the state that a page was rendered with. A stored position has precedence. */
  lastEventId?: string;
  /** Whether events have `topics`, `private` and `time`. */
  envelope?: boolean;
  /** `required`: a stream without a valid token is rejected. Default: with cookies, it is. */
  auth?: 'required' | null;
  /**
   * Whether pages with the same options, and tokens of the same rights, share one connection. Default: yes, except with
   * cookies: nobody can read whose they are. A name stands for the user, and pages with other names never share.
   */
  share?: boolean | string;
  /** Name under which the position survives a reload of the page, in `sessionStorage`. */
  resume?: string;
  /** Period of the hub's heartbeats. Default: what the hub announces. */
  heartbeat?: number;
  /** Whether the handler or the loop also gets signals. */
  signals?: boolean;
  /** Whether events and signals have `raw`, for logs and tools. */
  raw?: boolean;
  /** Path of another stream of the hub, such as `figures`. Such a stream has no positions, and is never `live`. Default: `SSE`. */
  path?: string;
  onLive?: () => void;
  onGap?: (gap: Gap) => void;
  onEnd?: (end: End) => void;
  /**
   * An error with `waiting` is temporary; then `millis` is the time until the next attempt. With `closed` it is final, such as a
   * `HeraldError` with status 403. With a handler of events and without this one, a final error is written to the console.
   */
  onState?: (state: State, error?: Error, millis?: number) => void;
}

/**
 * Subscription. Events come once and in order, to the handler or to a loop: `for await (const event of subscription)`. The loop
 * ends when the subscription is closed, and throws if it was rejected.
 */
export interface Subscription<Item> extends AsyncIterable<Item> {
  readonly state: State;
  /** Id to resume from; empty before the first. */
  readonly lastEventId: string;
  close(): void;
}

/** Update to publish: of one topic, or of several. */
export type Update = ({ topic: string } | { topics: string[] }) & {
  /** Text, or an object or array, which is published as JSON. */
  data: string | object;
  private?: boolean;
  id?: string;
  type?: string;
  /** Reconnection time of subscribers. */
  retry?: number;
};

/** Message of the hub's default topic. Text that is no JSON is published as `{"message": text}`. */
export interface Message {
  data: string | object;
}

export interface PublishOptions {
  /** `Idempotency-Key`. Default: a random one for each call. */
  key?: string;
  /** Time after which no further attempt begins. Default: 60,000. */
  timeout?: number;
  signal?: AbortSignal;
  /** Called before another attempt, with the failure of the last one and the time until the next one. */
  onRetry?: (failure: Error, millis: number) => void;
}

/** Rejection by the hub, with the members of its problem document (RFC 9457). */
export class HeraldError extends Error {
  constructor(problem: { status: number; type?: string; title?: string; detail?: string; index?: number });
  readonly status: number;
  readonly type: string;
  readonly title?: string;
  readonly detail?: string;
  /** Number of the invalid update, from 0. */
  readonly index?: number;
}

/** Hub. Its requests share the token. */
export class Herald {
  /** @param url of the hub, with its path prefix. Default: where this module is from */
  constructor(url?: string | URL, options?: HeraldOptions);

  subscribe<T = unknown>(
    options: SubscribeOptions & { signals: true },
    onEvent?: (item: HeraldEvent<T> | Signal) => void,
  ): Subscription<HeraldEvent<T> | Signal>;
  subscribe<T = unknown>(options?: SubscribeOptions, onEvent?: (event: HeraldEvent<T>) => void): Subscription<HeraldEvent<T>>;

  /**
   * Publishes an update, or an array: all or none. Attempts that may have been lost are repeated, and nothing is published
   * twice. Rejects with a `HeraldError`, or with the last failure when the time is over.
   */
  publish(update: Update | Message, options?: PublishOptions): Promise<string>;
  publish(updates: Update[], options?: PublishOptions): Promise<string[]>;

  /** Ends all subscriptions. */
  close(): void;
}

/** Item of a stream. */
export interface StreamItem {
  kind: 'event' | 'live' | 'gap' | 'end' | 'position';
  id: string;
  type: string;
  data: string;
  raw?: string;
}

/** Parser of the hub's event streams, for applications that read them by themselves. */
export class StreamParser {
  /**
   * @param hasReplay whether the hub signals the end of a replay, which it does if the request has `since`
   * @param keepsRaw whether items have `raw`
   */
  constructor(lastEventId?: string, hasReplay?: boolean, keepsRaw?: boolean);
  /** Reconnection time that the hub asked for. */
  retry?: number;
  push(bytes: Uint8Array): StreamItem[];
}
