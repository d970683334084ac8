import { Detail } from './detail.js';
import { byId } from './dom.js';
import { EventList } from './event-list.js';
import { abbreviated, events, stateText } from './format.js';
import { fill } from './row.js';
import { status } from './status.js';
import { watchForm } from './watch-form.js';
import { Watcher } from './watcher.js';

const TICK_MILLIS = 500;
/** Size of an item besides its text, in characters, and the number of copies of its text. */
const ITEM_CHARACTERS = 500;
const COPIES = 3;

/** Wide enough for the list with an event beside it. */
const wide = matchMedia('(min-width: 60rem)');

/** View of a subscription: a list of its events, the details of one, and the state of the connection. */
export function watch() {
  let watched = [];
  let watchedParameters;
  const detail = new Detail({ closed: () => byId('events').focus(), after });
  const list = new EventList(byId('events'), {
    fill,
    selected: item => (detail.open || wide.matches) && detail.show(item),
    opened: (item, byKey) => detail.show(item, byKey || !wide.matches),
    followChanged: follow => byId('follow').setAttribute('aria-pressed', String(follow)),
    rendered: renderCounts,
  });
  const watcher = new Watcher({
    state(name, reason) {
      status.set('watch', name, stateText(name));
      byId('watch-problem').textContent = reason ?? '';
      byId('watch-empty').dataset.state = name;
      renderPlace();
      renderButtons();
    },
    event(frame) {
      add({ frame, topic: singleTopic(watched), selectors: watched });
    },
    replayed(count, again) {
      if (again) {
        mark(count === 0 ? 'Live again, no events missed' : `↑ ${events(count, 'missed')} · live again ↓`);
      } else if (count > 0) {
        mark(`↑ ${events(count, 'earlier')} · live from here ↓`);
      }
    },
    lost: () => mark('Connection lost'),
    gap(frame) {
      mark('Events are missing here: the hub no longer has them. All retained events follow.', frame);
    },
  });

  function add(item) {
    item.receivedAt = new Date();
    list.add(item, (item.frame?.raw.length ?? 0) * COPIES + ITEM_CHARACTERS);
  }

  function mark(text, frame) {
    add({ mark: true, text, frame });
  }

  /** Shows the last event id, and the time until the next attempt to connect. */
  function renderPlace() {
    const wait = watcher.retryAt && Math.max(0, Math.ceil((watcher.retryAt - performance.now()) / 1_000));
    setText('watch-retry', wait === undefined ? '' : `Retry in ${wait} s.`);
    setText('watch-last', watcher.lastEventId ? `Last id ${abbreviated(watcher.lastEventId)}` : '');
  }

  function renderCounts({ all, shown, empty }) {
    byId('watch-empty').hidden = !empty;
    const filtered = shown === all ? '' : `${shown.toLocaleString('en')} of `;
    byId('watch-count').textContent = all === 0 ? '' : filtered + events(all);
  }

  function renderButtons() {
    const stopped = ['stopped', 'ended'].includes(watcher.state);
    // Without an id, a paused stream could not be resumed.
    byId('pause').disabled = stopped || watcher.lastEventId === '';
    byId('pause').textContent = watcher.state === 'paused' ? 'Continue' : 'Pause';
    byId('stop').disabled = stopped;
  }

  function start() {
    watched = watchForm.selectors;
    mark(`Watching ${watched.length === 0 ? "the hub's default topic" : watched.join(', ')}`);
    watcher.start(watched, watchForm.start);
    watchedParameters = String(watchForm.parameters);
    history.replaceState(null, '', `#watch?${watchedParameters}`);
  }

  function after(id, selectors) {
    watchForm.startAfter(id, selectors);
    clear();
    start();
    // The focused button no longer exists.
    byId('events').focus();
  }

  function clear() {
    list.clear();
    detail.hide();
  }

  function pauseOrContinue() {
    if (watcher.state === 'paused') {
      watcher.resume();
    } else {
      watcher.pause();
      mark('Paused: new events are replayed when you continue');
    }
  }

  function filter(text) {
    const wanted = text.trim().toLowerCase();
    list.filter(wanted === '' ? undefined : item => searchText(item).includes(wanted));
  }

  watchForm.submitted = start;
  watchForm.lastId = () => watcher.lastEventId;
  byId('pause').addEventListener('click', pauseOrContinue);
  byId('stop').addEventListener('click', () => watcher.stop());
  byId('clear').addEventListener('click', clear);
  byId('follow').addEventListener('click', () => (list.following = !list.following));
  byId('filter').addEventListener('input', event => filter(event.target.value));
  setInterval(renderPlace, TICK_MILLIS);

  /** Starts with the parameters of the URL, unless they were started before: a stopped watch stays stopped. */
  function startFromUrl(parameters) {
    if (parameters.has('from') && String(parameters) !== watchedParameters) {
      watchForm.parameters = parameters;
      start();
    }
  }

  return { show: startFromUrl, parametersChanged: startFromUrl };
}

/** Updates changed text only: an update would remove the user's text selection. */
function setText(id, text) {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

/** Text that filters search, created on first use. */
function searchText(item) {
  item.search ??= item.frame.raw.toLowerCase();
  return item.search;
}

/** Topic of all events of these selectors; undefined if there can be several. */
function singleTopic(selectors) {
  const single = selectors.length === 1 && selectors[0] !== '*' && !selectors[0].includes('{');
  return single ? selectors[0] : selectors.length === 0 ? "the hub's default topic" : undefined;
}
