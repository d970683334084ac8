// Where the hub is, and what this page is about. Addresses are relative to the page's own, so that a path prefix or a
// reverse proxy needs no setting.

/** The topics that the page's own address names, `?topic=…`; none means the hub's default topic. */
export const topics = new URLSearchParams(location.search).getAll('topic').filter(topic => topic !== '');

/** How many messages from before the page was opened are shown. */
const EARLIER = 20;

/**
 * Address of the stream of all the topics, continued after `lastEventId` if there is one. It begins with earlier messages
 * for those only who have no last id, which a browser sends by itself when it reconnects.
 */
export function streamUrl(lastEventId) {
  const position = lastEventId ? [['lastEventID', lastEventId]] : [];
  return address('SSE', [...named(topics), ['since', EARLIER], ...position]);
}

/** Where to post a message: to the first of the topics, since a message has one. */
export function messageUrl() {
  return address('message', named(topics.slice(0, 1)));
}

function named(some) {
  return some.map(topic => ['topic', topic]);
}

function address(path, parameters) {
  const url = new URL(path, document.baseURI);
  url.search = new URLSearchParams(parameters);
  return url;
}
