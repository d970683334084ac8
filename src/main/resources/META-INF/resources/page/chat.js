import { AutoScroll } from './auto-scroll.js';
import { composer } from './composer.js';
import { byId } from './dom.js';
import { Feed } from './feed.js';
import { stateText } from './format.js';
import { messageUrl, topics } from './hub.js';
import { MessageList } from './message-list.js';
import { ReplayMarks } from './replay-marks.js';
import { status } from './status.js';

/** Number of earlier messages that the chat shows. */
const EARLIER = 20;
/** After a rejection, which another setting of the hub may end. */
const RETRY_MILLIS = 30_000;

/** View of a chat: a list of messages from a stream, and a form that sends messages. */
export function chat() {
  const list = new MessageList(byId('messages'), byId('empty'));
  const marks = new ReplayMarks(list);
  const autoScroll = new AutoScroll(byId('newer'));
  let rejected = false;
  let retry;

  const feed = new Feed(
    {
      state(name, detail) {
        clearTimeout(retry);
        if (name === 'rejected') {
          retry = setTimeout(() => feed.resume(), RETRY_MILLIS);
        } else if (name === 'connecting' && rejected) {
          // The reason stays until this attempt has another outcome.
          return;
        }
        rejected = name === 'rejected';
        status.set('chat', name, stateText(name));
        byId('rejected-reason').textContent = rejected ? `${detail} Retrying…` : '';
        byId('rejected').hidden = !rejected;
      },
      event({ type, text }) {
        // The types of others are for other applications.
        if (type === 'message') {
          marks.count();
          list.addMessage(text, marks.earlier);
          autoScroll.lineAdded(!marks.earlier);
        }
      },
      replayed() {
        marks.end();
        list.replayed();
        autoScroll.lineAdded(false);
        // Screen readers read out messages only after the first replay, whose messages they have noticed by then.
        setTimeout(() => byId('log').removeAttribute('aria-live'));
      },
      lost: () => marks.begin(),
      gap() {
        list.addGap('Messages are missing here: the hub no longer has them. All retained messages follow.');
        autoScroll.lineAdded();
      },
    },
    { topics: topics.length > 0 ? topics : undefined, since: EARLIER },
  );

  byId('newer').addEventListener('click', () => {
    autoScroll.toEnd();
    // The focused button disappears.
    byId('log').focus({ preventScroll: true });
  });
  byId('curl').textContent = `curl -d 'message=hello' '${messageUrl()}'`;
  byId('topic').textContent = topics.join(', ');
  byId('topic').title = topics.join('\n');
  composer(byId('composer'), { sent: () => autoScroll.toEnd() });

  return {
    show() {
      autoScroll.show(true);
      byId('topic').hidden = topics.length === 0;
      feed.resume();
    },
    // Browsers allow six connections to a host, so a hidden chat closes its connection, and resumes it later.
    hide() {
      autoScroll.show(false);
      byId('topic').hidden = true;
      feed.stop('lost');
      marks.begin();
    },
  };
}
