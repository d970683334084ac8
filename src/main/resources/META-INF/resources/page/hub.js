// URLs of the hub, relative to the URL of this page, so that they work with a path prefix or behind a reverse proxy.

/** Topics of this page's own URL, `?topic=…`; none means the hub's default topic. */
export const topics = new URLSearchParams(location.search).getAll('topic').filter(topic => topic !== '');

/** Number of earlier messages that the chat shows. */
const EARLIER = 20;

/**
 * URL of the chat's stream, resumed after `lastEventId` if there is one. Without a last event id it starts with earlier
 * messages; when a browser reconnects, it sends that id itself.
 */
export function chatUrl(lastEventId) {
  const position = lastEventId ? [['lastEventID', lastEventId]] : [];
  return streamUrl(topics, [['since', EARLIER], ...position]);
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

/** URL of the figures. */
export function figuresUrl() {
  return url('figures', []);
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
