// The client page: a stream that fills a list, and a form that feeds the hub.

import { composer } from './composer.js';
import { messageUrl, topics } from './hub.js';
import { Lines } from './lines.js';
import { Past } from './past.js';
import { Stream } from './stream.js';
import { View } from './view.js';
import { stateInWords } from './words.js';

const byId = id => document.getElementById(id);

const lines = new Lines(byId('lines'), byId('empty'));
const past = new Past(lines);
const view = new View(byId('newer'));

const stream = new Stream({
  state(name, detail) {
    tell(name, stateInWords(name, detail));
    if (name === 'lost') {
      past.begin();
    }
  },
  message(data) {
    past.count();
    lines.message(data, past.earlier);
    view.grew(!past.earlier);
  },
  upToDate() {
    past.end();
    lines.settle();
    view.grew(false);
    // Until now, a screen reader would have read out what is old.
    byId('log').removeAttribute('aria-live');
  },
  gap() {
    lines.gap('Messages are missing here: the hub no longer has them. All that it still has follows.');
    view.grew();
  },
});

byId('newer').addEventListener('click', () => {
  view.toTheEnd();
  // The button hides, and the focus must not get lost with it.
  byId('log').focus({ preventScroll: true });
});

/** Says only what is new, since a screen reader repeats what is set again. */
function tell(state, words) {
  const status = byId('status');
  status.dataset.state = state;
  if (status.textContent !== words) {
    status.textContent = words;
  }
}

byId('curl').textContent = `curl -d 'message=hello' '${messageUrl()}'`;
if (topics.length > 0) {
  byId('topic').textContent = topics.join(', ');
  byId('topic').hidden = false;
}

composer(byId('composer'), {
  sent: () => view.toTheEnd(),
});

// A page that the browser puts aside to come back to (bfcache) may hold no connection.
addEventListener('pagehide', () => stream.pause());
addEventListener('pageshow', event => event.persisted && stream.open());
addEventListener('online', () => stream.hurry());
document.addEventListener('visibilitychange', () => document.hidden || stream.hurry());

stream.open();
