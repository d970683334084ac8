import { make } from './dom.js';
import { acceptedAt, clock, short } from './event-id.js';
import { line, parse } from './json.js';

const LONGEST_PREVIEW = 500;
/** Longer data is not read as a whole to know if it is JSON. */
const LONGEST_PARSED = 10_000;

/** Fills a row of the list with an event, or with what happened there. */
export function fill(row, item) {
  if (item.mark) {
    row.classList.add('mark');
    row.classList.toggle('alarm', item.frame !== undefined);
    row.append(make('span', {}, item.text));
    return;
  }
  const { frame, topic = '', arrived } = item;
  const accepted = acceptedAt(frame.id);
  row.append(
    make('span', { className: accepted ? 'time' : 'time arrival' }, clock(accepted ?? arrived)),
    make('span', { className: 'topic', title: topic }, topic),
    make('span', { className: 'type' }, frame.type),
    make('span', { className: 'id', title: frame.id }, short(frame.id)),
    preview(frame.data),
  );
}

function preview(data) {
  // On one line: of JSON that is indented, the first line would be a bracket.
  const start = data.slice(0, LONGEST_PREVIEW).replace(/\s*[\r\n]\s*/g, ' ');
  const isJson = data.length <= LONGEST_PARSED ? parse(data) !== undefined : /^\s*[[{]/.test(data);
  return make('bdi', { className: isJson ? 'data json' : 'data' }, isJson ? line(start) : start);
}
