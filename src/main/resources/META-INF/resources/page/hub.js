// Where the hub is, and what this page is about. Addresses are relative to the page's own, so that a path prefix or a
// reverse proxy needs no setting.

/** The topics that the page's own address names, `?topic=…`; none means the hub's default topic. */
export const topics = new URLSearchParams(location.search).getAll('topic').filter(topic => topic !== '');

/** How many messages from before the page was opened the chat shows. */
const EARLIER = 20;

/**
 * Address of the chat's stream, continued after `lastEventId` if there is one. It begins with earlier messages for those
 * only who have no last id, which a browser sends by itself when it reconnects.
 */
export function chatUrl(lastEventId) {
  const position = lastEventId ? [['lastEventID', lastEventId]] : [];
  return streamUrl(topics, [['since', EARLIER], ...position]);
}

/** Address of the stream of these selectors; none means the hub's default topic. */
export function streamUrl(selectors, parameters = []) {
  return address('SSE', [...named(selectors), ...parameters]);
}

/** Where the quick API takes messages of a topic; without one, of the hub's default topic. */
export function messageUrl(topic = topics[0]) {
  return address('message', named(topic ? [topic] : []));
}

/** Where updates are sent that have more than a topic and data. */
export function mercureUrl() {
  return address('.well-known/mercure', []);
}

/** Address of the figures. */
export function figuresUrl() {
  return address('figures', []);
}

function named(some) {
  return some.map(topic => ['topic', topic]);
}

function address(path, parameters) {
  const url = new URL(path, document.baseURI);
  url.search = new URLSearchParams(parameters);
  url.hash = '';
  return url;
}
