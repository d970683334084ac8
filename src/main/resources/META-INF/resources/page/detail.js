import { byId, copy, fillTruncated, make } from './dom.js';
import { acceptedAt, formatTime } from './event-id.js';
import { parse, tree } from './json.js';
import { topicsOf } from './topics.js';

/** Panel with all fields of one event of the list. */
export class Detail {
  #panel = byId('detail');
  #body = byId('detail-body');
  #item;

  /**
   * @param closed called when the panel was closed
   * @param after called with an event id and its selectors, to watch the events after it
   * @param only called with a topic, to show its events only
   * @param again called with an event and its topic, to send it again
   */
  constructor({ closed, after, only, again }) {
    Object.assign(this, { after, only, again });
    byId('detail-close').addEventListener('click', () => this.#close(closed));
    this.#panel.addEventListener('keydown', event => event.key === 'Escape' && this.#close(closed));
  }

  get open() {
    return !this.#panel.hidden;
  }

  /** Shows an item, and moves the focus to the panel if `focus` is true. */
  show(item, focus) {
    if (item !== this.#item || !this.open) {
      this.#item = item;
      this.#panel.hidden = false;
      this.#body.replaceChildren(...(item.event ? this.#event(item) : [make('p', {}, item.text)]));
      this.#body.scrollTop = 0;
    }
    if (focus) {
      byId('detail-close').focus();
    }
  }

  hide() {
    this.#panel.hidden = true;
    this.#item = undefined;
  }

  #close(closed) {
    this.hide();
    closed();
  }

  #event(item) {
    const { event, receivedAt, selectors, text } = item;
    const accepted = event.time ?? acceptedAt(event.id);
    const topics = topicsOf(item);
    return [
      ...(text ? [make('p', { className: 'danger' }, text)] : []),
      fields([
        ...topics.map((topic, index) => [index === 0 ? 'Topic' : 'Also', topic]),
        ...(event.private === undefined ? [] : [['Private', event.private ? 'yes, for tokens that cover its topic' : 'no']]),
        ['Type', event.type],
        ['Id', event.id || 'none'],
        ...(accepted ? [['Accepted', `${formatTime(accepted)}, by the hub's clock`]] : []),
        ['Received', formatTime(receivedAt)],
        ['Data', `${event.text.length.toLocaleString('en')} characters`],
      ]),
      ...(text ? [] : [this.#actions(event, topics, selectors)]),
      make('h3', {}, 'Data'),
      data(event.text),
      raw(event.raw),
    ];
  }

  #actions(event, topics, selectors) {
    const result = make('span', { role: 'status', className: 'muted' });
    const button = (label, action) => {
      const element = make('button', { type: 'button', className: 'plain' }, label);
      element.addEventListener('click', action);
      return element;
    };
    return make(
      'p',
      { className: 'actions' },
      button('Copy data', async () => (result.textContent = await copy(event.text, this.#body.querySelector('.data')))),
      ...(topics.length > 0 ? [button('Only this topic', () => this.only(topics[0]))] : []),
      button('Send again…', () => this.again(event, topics[0])),
      button('Watch events after this one', () => this.after(event.id, selectors)),
      result,
    );
  }
}

function fields(pairs) {
  return make('dl', {}, ...pairs.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

function data(text) {
  const value = parse(text);
  return value === undefined ? plain(text, 'data') : make('div', { className: 'data json' }, tree(value));
}

function raw(text) {
  const frame = make('details', { className: 'raw-frame' }, make('summary', {}, 'Raw frame'));
  frame.addEventListener('toggle', () => frame.childElementCount === 1 && frame.append(plain(text, 'frame')));
  return frame;
}

function plain(text, className) {
  return fillTruncated(make('pre', { className, tabIndex: 0 }), text);
}
