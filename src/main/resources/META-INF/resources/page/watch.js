import { Detail } from './detail.js';
import { byId } from './dom.js';
import { EventList } from './event-list.js';
import { Feed } from './feed.js';
import { abbreviated, events, stateText } from './format.js';
import { fill } from './row.js';
import { SendBar } from './send-bar.js';
import { status } from './status.js';
import { TopicFilter, topicsOf } from './topics.js';
import { watchForm } from './watch-form.js';

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
  const topicFilter = new TopicFilter(filter);
  const sendBar = new SendBar(wide.matches);
  const detail = new Detail({ closed: () => byId('events').focus(), after, only, again });
  const list = new EventList(byId('events'), {
    fill,
    selected: item => (detail.open || wide.matches) && detail.show(item),
    opened: (item, byKey) => detail.show(item, byKey || !wide.matches),
    followChanged: follow => byId('follow').setAttribute('aria-pressed', String(follow)),
    rendered: renderCounts,
  });
  const feed = new Feed({
    state(name, reason) {
      status.set('watch', name, stateText(name));
      byId('watch-problem').textContent = reason ?? '';
      byId('watch-empty').dataset.state = name;
      renderPlace();
      renderButtons();
    },
    event(event) {
      add({ event, topic: exactTopic(watched), selectors: watched });
    },
    replayed(count, again) {
      if (again) {
        mark(count === 0 ? 'Live again, no events missed' : `↑ ${events(count, 'missed')} · live again ↓`);
      } else if (count > 0) {
        mark(`↑ ${events(count, 'earlier')} · live from here ↓`);
      }
    },
    lost: () => mark('Connection lost'),
    gap({ signal: type, id, raw, ...data }) {
      const event = { id, type, raw, text: JSON.stringify(data) };
      mark('Events are missing here: the hub no longer has them. All retained events follow.', event);
    },
  });

  function add(item) {
    item.receivedAt = new Date();
    topicFilter.add(item.mark ? [] : topicsOf(item));
    list.add(item, (item.event?.raw.length ?? 0) * COPIES + ITEM_CHARACTERS);
  }

  function mark(text, event) {
    add({ mark: true, text, event });
  }

  /** Shows the last event id, and the time until the next attempt to connect. */
  function renderPlace() {
    const wait = feed.retryAt && Math.max(0, Math.ceil((feed.retryAt - performance.now()) / 1_000));
    setText('watch-retry', wait === undefined ? '' : `Retry in ${wait} s.`);
    setText('watch-last', feed.lastEventId ? `Last id ${abbreviated(feed.lastEventId)}` : '');
  }

  function renderCounts({ all, shown, empty }) {
    topicFilter.render();
    byId('watch-empty').hidden = !empty;
    const filtered = shown === all ? '' : `${shown.toLocaleString('en')} of `;
    byId('watch-count').textContent = all === 0 ? '' : filtered + events(all);
  }

  function renderButtons() {
    const stopped = ['stopped', 'ended'].includes(feed.state);
    // Without an id, a paused stream could not be resumed.
    byId('pause').disabled = stopped || feed.lastEventId === '';
    byId('pause').textContent = feed.state === 'paused' ? 'Continue' : 'Pause';
    byId('stop').disabled = stopped;
  }

  function start() {
    watched = watchForm.selectors;
    mark(`Watching ${watched.length === 0 ? "the hub's default topic" : watched.join(', ')}`);
    feed.start({ ...watchForm.start, topics: watched.length > 0 ? watched : undefined, raw: true, envelope: true });
    watchedParameters = String(watchForm.parameters);
    sendBar.preset(watched.length > 0 ? exactTopic(watched) ?? '' : '');
    showInAddress();
  }

  /** The address has all that is set, so that it can be shared, and a reload keeps it. */
  function showInAddress() {
    const all = new URLSearchParams(watchedParameters);
    const filters = { filter: byId('filter').value, only: topicFilter.value };
    Object.entries(filters).forEach(([name, value]) => value && all.set(name, value));
    history.replaceState(null, '', `#watch?${all}`);
  }

  function after(id, selectors) {
    watchForm.startAfter(id, selectors);
    clear();
    start();
    // The focused button no longer exists.
    byId('events').focus();
  }

  function again(event, topic) {
    if (!wide.matches) {
      detail.hide();
    }
    sendBar.fill(event, topic);
  }

  function clear() {
    list.clear();
    detail.hide();
  }

  function pauseOrContinue() {
    if (feed.state === 'paused') {
      feed.resume();
    } else {
      feed.stop('paused');
      mark('Paused: new events are replayed when you continue');
    }
  }

  function filter() {
    const wanted = byId('filter').value.trim().toLowerCase();
    const isFiltered = wanted !== '' || topicFilter.value !== '';
    list.filter(isFiltered ? item => topicFilter.matches(item) && searchText(item).includes(wanted) : undefined);
    if (watchedParameters !== undefined) {
      showInAddress();
    }
  }

  function only(topic) {
    topicFilter.value = topic;
    filter();
  }

  watchForm.submitted = start;
  watchForm.lastId = () => feed.lastEventId;
  byId('pause').addEventListener('click', pauseOrContinue);
  byId('stop').addEventListener('click', () => feed.stop('stopped'));
  byId('clear').addEventListener('click', clear);
  byId('follow').addEventListener('click', () => (list.following = !list.following));
  byId('filter').addEventListener('input', filter);
  setInterval(renderPlace, TICK_MILLIS);

  /** Starts with the parameters of the URL, unless they were started before: a stopped watch stays stopped. */
  function startFromUrl(parameters) {
    if (!parameters.has('from')) {
      return;
    }
    byId('filter').value = parameters.get('filter') ?? '';
    topicFilter.value = parameters.get('only') ?? '';
    filter();
    const watching = new URLSearchParams(parameters);
    watching.delete('filter');
    watching.delete('only');
    if (String(watching) !== watchedParameters) {
      watchForm.parameters = watching;
      start();
    }
  }

  return {
    show(parameters) {
      startFromUrl(parameters);
      // The link of the view has no parameters.
      if (watchedParameters !== undefined) {
        showInAddress();
      }
    },
    parametersChanged: startFromUrl,
  };
}

/** Updates changed text only: an update would remove the user's text selection. */
function setText(id, text) {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

/** Text that filters search, created on first use. */
function searchText(item) {
  const { event } = item;
  item.search ??= [...topicsOf(item), event.type, event.id, event.text].join('\n').toLowerCase();
  return item.search;
}

/** Topic of all events of these selectors; undefined if there can be several. */
function exactTopic(selectors) {
  return selectors.length === 1 && selectors[0] !== '*' && !selectors[0].includes('{') ? selectors[0] : undefined;
}
