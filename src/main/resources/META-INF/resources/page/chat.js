import { composer } from './composer.js';
import { byId } from './dom.js';
import { messageUrl, topics } from './hub.js';
import { Lines } from './lines.js';
import { Past } from './past.js';
import { Reader } from './reader.js';
import { status } from './status.js';
import { Stream } from './stream.js';
import { token } from './token.js';
import { stateInWords } from './words.js';

/** The simplest view: a stream that fills a list, and a line to write that feeds the hub. */
export function chat() {
  const lines = new Lines(byId('lines'), byId('empty'));
  const past = new Past(lines);
  const reader = new Reader(byId('newer'));
  let shown = false;

  const stream = new Stream({
    state(name, detail) {
      status.tell('chat', name, stateInWords(name));
      byId('refused-why').textContent = name === 'refused' ? `${detail} Trying again…` : '';
      byId('refused').hidden = name !== 'refused';
      if (name === 'lost') {
        past.begin();
      }
    },
    message(data) {
      past.count();
      lines.message(data, past.earlier);
      reader.grew(!past.earlier);
    },
    upToDate() {
      past.end();
      lines.settle();
      reader.grew(false);
      // Until now, a screen reader would have read out what is old.
      byId('log').removeAttribute('aria-live');
    },
    gap() {
      lines.gap('Messages are missing here: the hub no longer has them. All that it still has follows.');
      reader.grew();
    },
  });

  byId('newer').addEventListener('click', () => {
    reader.toTheEnd();
    // The button hides, and the focus must not get lost with it.
    byId('log').focus({ preventScroll: true });
  });
  byId('curl').textContent = `curl -d 'message=hello' '${messageUrl()}'`;
  byId('topic').textContent = topics.join(', ');
  byId('topic').title = topics.join('\n');
  composer(byId('composer'), { sent: () => reader.toTheEnd() });

  // A page that the browser puts aside to come back to (bfcache) may hold no connection.
  addEventListener('pagehide', () => stream.running && stream.pause());
  addEventListener('pageshow', event => event.persisted && shown && stream.open());
  addEventListener('online', () => stream.hurry());
  document.addEventListener('visibilitychange', () => document.hidden || stream.hurry());
  token.addEventListener('change', () => shown && stream.open());

  return {
    show() {
      shown = true;
      reader.show(true);
      byId('topic').hidden = topics.length === 0;
      status.tell('chat', 'connecting', stateInWords('connecting'));
      stream.open();
    },
    // A browser allows six connections a host: what nobody looks at holds none, and misses nothing.
    hide() {
      shown = false;
      reader.show(false);
      byId('topic').hidden = true;
      stream.pause();
    },
  };
}
