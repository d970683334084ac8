const MAX_TEXT = 20_000;
const MAX_LINE = 100;

const STATES = {
  connecting: 'Connecting…',
  unreachable: 'Not connected, retrying…',
  replaying: 'Receiving earlier events…',
  live: 'Live',
  lost: 'Connection lost, retrying…',
  ended: 'The hub has ended this stream. Reload the page to subscribe again.',
  paused: 'Paused',
  stopped: 'Stopped',
  rejected: 'Rejected',
};

/** Text for a connection state. */
export function stateText(name) {
  return STATES[name];
}

/** Text to show of an event: the text of `{"message": text}`; any other data as published. */
export function textOf(data) {
  const message = messageIn(data);
  return message === undefined ? { text: truncated(data) } : { key: 'message: ', text: truncated(message) };
}

/** Number of messages of a kind, as a noun phrase. */
export function messages(count, kind) {
  return counted(count, kind, 'message');
}

/** Number of events of a kind, as a noun phrase. */
export function events(count, kind) {
  return counted(count, kind, 'event');
}

/** Start and end of a long text. */
export function abbreviated(text) {
  const half = MAX_LINE / 2;
  return text.length <= MAX_LINE ? text : `${text.slice(0, half)}…${text.slice(-half)}`;
}

function counted(count, kind, noun) {
  return [count.toLocaleString('en'), kind, count === 1 ? noun : `${noun}s`].filter(word => word).join(' ');
}

function messageIn(data) {
  try {
    const { message, ...others } = JSON.parse(data);
    return typeof message === 'string' && Object.keys(others).length === 0 ? message : undefined;
  } catch {
    return undefined;
  }
}

/** An event may have a megabyte; a thousand such lines would block the browser. */
function truncated(text) {
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}… (${text.length.toLocaleString('en')} characters in all)`;
}
