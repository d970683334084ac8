// The hub of this page: its connections by the client that applications use, and its URLs. All are relative to the URL of
// this page, so that they work with a path prefix or behind a reverse proxy.

import { Herald } from '../herald.js';
import { token } from './token.js';

/** Topics of this page's own URL, `?topic=…`; none means the hub's default topic. */
export const topics = new URLSearchParams(location.search).getAll('topic').filter(topic => topic !== '');

/** Options of all subscriptions: anonymous ones are allowed, and each tab shows its own connection. */
export const SUBSCRIPTION = { auth: null, share: false };

let current;

token.addEventListener('change', () => {
  const former = current;
  current = undefined;
  // Views leave it while this event is dispatched.
  queueMicrotask(() => former?.close());
});

/** Client with the current token. */
export function hub() {
  current ??= connect(token.text);
  return current;
}

/** Client with this token; without one if the text is empty. A proxy before the hub may require cookies. */
export function connect(text) {
  return new Herald(undefined, { credentials: 'same-origin', token: text === '' ? undefined : () => text });
}

/** URL of a stream with these selectors; none means the hub's default topic. */
export function streamUrl(selectors, parameters = []) {
  return url('SSE', [...topicParameters(selectors), ...parameters]);
}

/** URL to publish a message by the quick API; without a topic, to the hub's default topic. */
export function messageUrl(topic = topics[0]) {
  return url('message', topicParameters(topic ? [topic] : []));
}

/** URL to publish an update with more than a topic and data. */
export function mercureUrl() {
  return url('.well-known/mercure', []);
}

function topicParameters(names) {
  return names.map(topic => ['topic', topic]);
}

function url(path, parameters) {
  const result = new URL(path, document.baseURI);
  result.search = new URLSearchParams(parameters);
  result.hash = '';
  return result;
}
