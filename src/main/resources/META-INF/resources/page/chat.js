import { AutoScroll } from './auto-scroll.js';
import { composer } from './composer.js';
import { byId } from './dom.js';
import { stateText } from './format.js';
import { messageUrl, topics } from './hub.js';
import { MessageList } from './message-list.js';
import { ReplayMarks } from './replay-marks.js';
import { status } from './status.js';
import { Stream } from './stream.js';
import { token } from './token.js';

/** View of a chat: a list of messages from a stream, and a form that sends messages. */
export function chat() {
  const list = new MessageList(byId('messages'), byId('empty'));
  const marks = new ReplayMarks(list);
  const autoScroll = new AutoScroll(byId('newer'));
  let shown = false;

  const stream = new Stream({
    state(name, detail) {
      status.set('chat', name, stateText(name));
      byId('rejected-reason').textContent = name === 'rejected' ? `${detail} Retrying…` : '';
      byId('rejected').hidden = name !== 'rejected';
      if (name === 'lost') {
        marks.begin();
      }
    },
    message(data) {
      marks.count();
      list.addMessage(data, marks.earlier);
      autoScroll.lineAdded(!marks.earlier);
    },
    replayed() {
      marks.end();
      list.replayed();
      autoScroll.lineAdded(false);
      // Screen readers read out messages only after the first replay.
      byId('log').removeAttribute('aria-live');
    },
    gap() {
      list.addGap('Messages are missing here: the hub no longer has them. All retained messages follow.');
      autoScroll.lineAdded();
    },
  });

  byId('newer').addEventListener('click', () => {
    autoScroll.toEnd();
    // The focused button disappears.
    byId('log').focus({ preventScroll: true });
  });
  byId('curl').textContent = `curl -d 'message=hello' '${messageUrl()}'`;
  byId('topic').textContent = topics.join(', ');
  byId('topic').title = topics.join('\n');
  composer(byId('composer'), { sent: () => autoScroll.toEnd() });

  // A page in the back/forward cache may not have an open connection.
  addEventListener('pagehide', () => stream.running && stream.pause());
  addEventListener('pageshow', event => event.persisted && shown && stream.open());
  addEventListener('online', () => stream.reconnectNow());
  document.addEventListener('visibilitychange', () => document.hidden || stream.reconnectNow());
  token.addEventListener('change', () => shown && stream.open());

  return {
    show() {
      shown = true;
      autoScroll.show(true);
      byId('topic').hidden = topics.length === 0;
      status.set('chat', 'connecting', stateText('connecting'));
      stream.open();
    },
    // Browsers allow six connections to a host, so a hidden chat closes its connection, and resumes it later.
    hide() {
      shown = false;
      autoScroll.show(false);
      byId('topic').hidden = true;
      stream.pause();
    },
  };
}
