import { Detail } from './detail.js';
import { byId } from './dom.js';
import { EventList } from './event-list.js';
import { fill } from './row.js';
import { status } from './status.js';
import { watchForm } from './watch-form.js';
import { Watcher } from './watcher.js';
import { brief, events, stateInWords } from './words.js';

const TICK_MILLIS = 500;
/** What an event costs beside its text, and how often that is kept. */
const ITEM_CHARACTERS = 500;
const COPIES = 3;

/** Wide enough for the list and an event beside it. */
const wide = matchMedia('(min-width: 60rem)');

/** The events of a subscription as they come, each to be looked into, and the state of the connection. */
export function watch() {
  let watched = [];
  let begun;
  const detail = new Detail({ closed: () => byId('events').focus(), after });
  const list = new EventList(byId('events'), {
    fill,
    chosen: item => (detail.open || wide.matches) && detail.show(item),
    opened: (item, byKey) => detail.show(item, byKey || !wide.matches),
    followed: follow => byId('follow').setAttribute('aria-pressed', String(follow)),
    drawn: tellCounts,
  });
  const watcher = new Watcher({
    state(name, reason) {
      status.tell('watch', name, stateInWords(name));
      byId('watch-problem').textContent = reason ?? '';
      byId('watch-empty').dataset.state = name;
      tellPlace();
      tellButtons();
    },
    event(frame) {
      add({ frame, topic: onlyTopic(watched), selectors: watched });
    },
    replayed(count, again) {
      if (again) {
        mark(count === 0 ? 'Back, nothing was missed' : `↑ ${events(count)} came meanwhile · live again ↓`);
      } else if (count > 0) {
        mark(`↑ ${events(count, 'earlier')} · live from here ↓`);
      }
    },
    lost: () => mark('The connection was lost'),
    gap(frame) {
      mark('Events are missing here: the hub no longer has them. All that it still has follows.', frame);
    },
  });

  function add(item) {
    item.arrived = new Date();
    list.add(item, (item.frame?.raw.length ?? 0) * COPIES + ITEM_CHARACTERS);
  }

  function mark(text, frame) {
    add({ mark: true, text, frame });
  }

  /** Where a stream would continue, and when it tries to. */
  function tellPlace() {
    const wait = watcher.retryAt && Math.max(0, Math.ceil((watcher.retryAt - performance.now()) / 1_000));
    say('watch-retry', wait === undefined ? '' : `Tries again in ${wait} s.`);
    say('watch-last', watcher.lastEventId ? `Last id ${brief(watcher.lastEventId)}` : '');
  }

  function tellCounts({ all, shown, empty }) {
    byId('watch-empty').hidden = !empty;
    const some = shown === all ? '' : `${shown.toLocaleString('en')} of `;
    byId('watch-count').textContent = all === 0 ? '' : some + events(all);
  }

  function tellButtons() {
    const stopped = ['stopped', 'ended'].includes(watcher.state);
    // Before the hub has told where it is, there is nothing to continue after.
    byId('pause').disabled = stopped || watcher.lastEventId === '';
    byId('pause').textContent = watcher.state === 'paused' ? 'Continue' : 'Pause';
    byId('stop').disabled = stopped;
  }

  function start() {
    watched = watchForm.selectors;
    mark(`Watching ${watched.length === 0 ? "the hub's default topic" : watched.join(', ')}`);
    watcher.start(watched, watchForm.start);
    begun = String(watchForm.parameters);
    history.replaceState(null, '', `#watch?${begun}`);
  }

  function after(id, selectors) {
    watchForm.beginAfter(id, selectors);
    clear();
    start();
    // The button that was pressed is gone.
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
      mark('Paused: what comes now follows when you continue');
    }
  }

  function filter(text) {
    const wanted = text.trim().toLowerCase();
    list.filter(wanted === '' ? undefined : item => searched(item).includes(wanted));
  }

  watchForm.submitted = start;
  watchForm.lastId = () => watcher.lastEventId;
  byId('pause').addEventListener('click', pauseOrContinue);
  byId('stop').addEventListener('click', () => watcher.stop());
  byId('clear').addEventListener('click', clear);
  byId('follow').addEventListener('click', () => (list.following = !list.following));
  byId('filter').addEventListener('input', event => filter(event.target.value));
  setInterval(tellPlace, TICK_MILLIS);

  /** Begins what the page's address says, once: who stopped it and comes back did not ask for it again. */
  function beginAsAddressed(parameters) {
    if (parameters.has('from') && String(parameters) !== begun) {
      watchForm.parameters = parameters;
      start();
    }
  }

  return { show: beginAsAddressed, readdress: beginAsAddressed };
}

/** Says only what is new: who marks a text to copy it would else lose it at the next look. */
function say(id, words) {
  if (byId(id).textContent !== words) {
    byId(id).textContent = words;
  }
}

/** The text in which a filter looks, made when the first one does. */
function searched(item) {
  item.search ??= item.frame.raw.toLowerCase();
  return item.search;
}

/** The topic of all events of these selectors, if there can be but one: a name, and no template. */
function onlyTopic(selectors) {
  const one = selectors.length === 1 && selectors[0] !== '*' && !selectors[0].includes('{');
  return one ? selectors[0] : selectors.length === 0 ? "the hub's default topic" : undefined;
}
