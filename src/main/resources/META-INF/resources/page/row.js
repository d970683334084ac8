import { make } from './dom.js';
import { acceptedAt, formatTime, shortened } from './event-id.js';
import { line, parse } from './json.js';
import { hue, topicsOf } from './topics.js';

const MAX_PREVIEW = 500;
/** Longer data is not parsed to detect JSON. */
const MAX_PARSED = 10_000;

/** Fills a row of the list with an event, or with the text of a mark. */
export function fill(row, item) {
  if (item.mark) {
    row.classList.add('mark');
    row.classList.toggle('danger', item.event !== undefined);
    row.append(make('span', {}, item.text));
    return;
  }
  const { event, receivedAt } = item;
  const accepted = event.time ?? acceptedAt(event.id);
  const topics = topicsOf(item);
  const topic = make('span', { className: 'topic', title: topics.join('\n') }, make('bdi', {}, topics.join(', ')));
  topic.style.setProperty('--hue', hue(topics[0] ?? ''));
  row.append(
    make('span', { className: accepted ? 'time' : 'time received' }, formatTime(accepted ?? receivedAt)),
    topic,
    make('span', { className: 'id', title: event.id }, shortened(event.id)),
    make('span', { className: 'type' }, event.type === 'message' ? '' : event.type),
    preview(event.text),
  );
}

function preview(data) {
  // On one line: the first line of indented JSON would be a bracket.
  const start = data.slice(0, MAX_PREVIEW).replace(/\s*[\r\n]\s*/g, ' ');
  const isJson = data.length <= MAX_PARSED ? parse(data) !== undefined : /^\s*[[{]/.test(data);
  return make('bdi', { className: isJson ? 'data json' : 'data' }, isJson ? line(start) : start);
}
