const LONGEST_TEXT = 20_000;
const LONGEST_LINE = 100;
const MOST_NAMES = 5;

const STATES = {
  connecting: 'Connecting…',
  unreachable: 'No connection yet, trying again…',
  live: 'Live',
  lost: 'Connection lost, trying again…',
  ended: 'The hub has ended this stream. Reload the page to listen again.',
  paused: 'Paused',
  stopped: 'Not listening',
  refused: 'Refused',
};

/** The state of the connection, in words. */
export function stateInWords(name) {
  return STATES[name];
}

/** What to show of an event: the text of `{"message": text}`, and anything else to the letter as it was published. */
export function textOf(data) {
  const message = messageIn(data);
  return message === undefined ? { text: shortened(data) } : { key: 'message: ', text: shortened(message) };
}

/** How many messages, and of which kind, as a noun phrase. */
export function messages(count, kind) {
  return counted(count, kind, 'message');
}

/** How many events, and of which kind, as a noun phrase. */
export function events(count, kind) {
  return counted(count, kind, 'event');
}

/** Names, of which the first few stand for all where they are many. */
export function some(names) {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` or ${more.toLocaleString('en')} others` : '');
}

/** A text on a line or two: of one that is long, its ends. */
export function brief(text) {
  const half = LONGEST_LINE / 2;
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, half)}…${text.slice(-half)}`;
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

/** An event may be a megabyte long; a thousand such lines would stop the browser. */
function shortened(text) {
  return text.length <= LONGEST_TEXT
    ? text
    : `${text.slice(0, LONGEST_TEXT)}… (${text.length.toLocaleString('en')} characters in all)`;
}
