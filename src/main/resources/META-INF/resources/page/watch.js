import { Detail } from './detail.js';
import { byId, make } from './dom.js';
import { acceptedAt, clock, short } from './event-id.js';
import { EventList } from './event-list.js';
import { streamUrl, topics } from './hub.js';
import { line, parse } from './json.js';
import { status } from './status.js';
import { Watcher } from './watcher.js';
import { stateInWords } from './words.js';

const LONGEST_PREVIEW = 500;
const TICK_MILLIS = 500;
const PLACES = ['latest', 'now', 'earliest', 'after'];

/** The events of a subscription as they come, each to be looked into, and the state of the connection. */
export function watch() {
  const form = byId('watch-form');
  const { selectors, from, value } = form.elements;
  let watched = [];

  const detail = new Detail({ closed: () => byId('events').focus(), after });
  const list = new EventList(byId('events'), {
    fill,
    chosen: (item, open) => (open || detail.open || matchMedia('(min-width: 60rem)').matches) && detail.show(item, open),
    followed: follow => byId('follow').setAttribute('aria-pressed', String(follow)),
  });
  const watcher = new Watcher({
    state(name, reason) {
      status.tell('watch', name, name === 'refused' ? 'Refused' : stateInWords(name));
      byId('watch-problem').textContent = reason ?? '';
      byId('watch-empty').dataset.state = name;
      tellPlace();
      tellButtons();
    },
    event(frame) {
      add({ frame, topic: onlyTopic(watched), selectors: watched, search: frame.raw.toLowerCase() });
    },
    replayed(count, again) {
      const events = `${count.toLocaleString('en')} ${again ? '' : 'earlier '}event${count === 1 ? '' : 's'}`;
      if (again) {
        mark(count === 0 ? 'Back, nothing was missed' : `↑ ${events} came meanwhile · live again ↓`);
      } else if (count > 0) {
        mark(`↑ ${events} · live from here ↓`);
      }
    },
    lost: () => mark('The connection was lost'),
    gap(frame) {
      mark('Events are missing here: the hub no longer has them. All that it still has follows.', frame);
    },
  });

  function add(item) {
    item.arrived = new Date();
    list.add(item, (item.frame?.raw.length ?? 0) * 3 + 500);
    byId('watch-empty').hidden = true;
    tellCounts();
  }

  function mark(text, frame) {
    add({ text, frame, search: undefined });
  }

  /** Where a stream would continue, and when it tries to. */
  function tellPlace() {
    const wait = watcher.retryAt && Math.max(0, Math.ceil((watcher.retryAt - performance.now()) / 1_000));
    byId('watch-retry').textContent = wait === undefined ? '' : `Tries again in ${wait} s.`;
    byId('watch-last').textContent = watcher.lastEventId ? `Last id ${watcher.lastEventId}` : '';
  }

  function tellCounts() {
    const { all, shown } = list.counts;
    const some = shown === all ? '' : `${shown.toLocaleString('en')} of `;
    byId('watch-count').textContent = all === 0 ? '' : `${some}${all.toLocaleString('en')}`;
  }

  function tellButtons() {
    const paused = watcher.state === 'paused';
    const stopped = ['stopped', 'ended'].includes(watcher.state);
    byId('pause').disabled = stopped;
    byId('pause').textContent = paused ? 'Continue' : 'Pause';
    byId('stop').disabled = stopped;
  }

  function start() {
    watched = lines(selectors.value);
    mark(`Watching ${watched.length === 0 ? "the hub's default topic" : watched.join(', ')}`);
    watcher.start(watched, place(from.value, value.value.trim()));
    const kept = new URLSearchParams(watched.map(selector => ['topic', selector]));
    kept.set('from', from.value);
    kept.set('value', value.value);
    history.replaceState(null, '', `#watch?${kept}`);
  }

  function after(id) {
    from.value = 'after';
    value.value = id;
    tellValue();
    list.clear();
    detail.hide();
    start();
  }

  function tellValue() {
    const label = { latest: 'How many', after: 'Id' }[from.value];
    byId('value-field').hidden = label === undefined;
    byId('value-label').textContent = label ?? '';
    value.required = label !== undefined;
    value.inputMode = from.value === 'latest' ? 'numeric' : 'text';
    value.pattern = from.value === 'latest' ? '[1-9][0-9]{0,2}|1000' : '.*';
    value.title = from.value === 'latest' ? 'A number from 1 to 1000' : '';
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    start();
  });
  selectors.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  from.addEventListener('change', () => {
    value.value = from.value === 'latest' ? '20' : watcher.lastEventId;
    tellValue();
  });
  byId('pause').addEventListener('click', () => {
    if (watcher.state === 'paused') {
      watcher.resume();
    } else {
      watcher.pause();
      mark('Paused: what comes now follows when you continue');
    }
  });
  byId('stop').addEventListener('click', () => watcher.stop());
  byId('clear').addEventListener('click', () => {
    list.clear();
    detail.hide();
    byId('watch-empty').hidden = false;
    tellCounts();
  });
  byId('follow').addEventListener('click', () => (list.following = !list.following));
  byId('filter').addEventListener('input', event => {
    const wanted = event.target.value.trim().toLowerCase();
    // Marks say where something happened, whatever is looked for.
    list.filter(wanted === '' ? undefined : item => item.search === undefined || item.search.includes(wanted));
    tellCounts();
  });
  setInterval(tellPlace, TICK_MILLIS);
  selectors.value = (topics.length > 0 ? topics : ['*']).join('\n');
  tellValue();

  return {
    /** What is watched, or would be: for those who want to do the same elsewhere. */
    get address() {
      return streamUrl(lines(selectors.value), place(from.value, value.value.trim()));
    },
    show(parameters) {
      if (parameters.has('from') && watcher.state === 'stopped') {
        selectors.value = parameters.getAll('topic').join('\n');
        from.value = PLACES.includes(parameters.get('from')) ? parameters.get('from') : 'now';
        value.value = parameters.get('value') ?? '';
        tellValue();
        start();
      }
    },
  };
}

function lines(text) {
  return text
    .split('\n')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
}

/** The topic of all events of these selectors, if there can be but one: a name, and no template. */
function onlyTopic(selectors) {
  const one = selectors.length === 1 && selectors[0] !== '*' && !selectors[0].includes('{');
  return one ? selectors[0] : selectors.length === 0 ? "the hub's default topic" : undefined;
}

/** The parameters that make a stream begin there. */
function place(from, value) {
  if (from === 'latest') {
    return [['since', value || '20']];
  }
  if (from === 'earliest') {
    return [['since', 'earliest']];
  }
  // With "since" alone, an id that is a number would count events.
  return from === 'after' && value !== '' ? [['lastEventID', value], ['since', '1']] : [];
}

function fill(row, item) {
  const { frame, text } = item;
  if (text !== undefined) {
    row.classList.add('mark');
    row.classList.toggle('alarm', frame !== undefined);
    row.append(make('span', {}, text));
    return;
  }
  const accepted = acceptedAt(frame.id);
  const when = accepted ?? item.arrived;
  row.append(
    make('span', { className: accepted ? 'time' : 'time arrival' }, clock(when)),
    make('span', { className: 'topic', title: item.topic ?? '' }, item.topic ?? ''),
    make('span', { className: 'type' }, frame.type),
    make('span', { className: 'id', title: frame.id }, short(frame.id)),
    preview(frame.data),
  );
}

function preview(data) {
  const start = data.slice(0, LONGEST_PREVIEW);
  const isJson = data.length <= LONGEST_PREVIEW * 20 ? parse(data) !== undefined : /^\s*[[{]/.test(data);
  return make('bdi', { className: isJson ? 'data json' : 'data' }, isJson ? line(start) : start);
}
