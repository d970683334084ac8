import { byId, copy, fillCut, make } from './dom.js';
import { acceptedAt, clock } from './event-id.js';
import { parse, tree } from './json.js';
import { some } from './words.js';

/** All about one event of the list. */
export class Detail {
  #panel = byId('detail');
  #body = byId('detail-body');
  #item;

  /**
   * @param closed called when the panel was closed
   * @param after called with an id, and with what was watched, to watch what follows it
   */
  constructor({ closed, after }) {
    this.after = after;
    byId('detail-close').addEventListener('click', () => this.#close(closed));
    this.#panel.addEventListener('keydown', event => event.key === 'Escape' && this.#close(closed));
  }

  get open() {
    return !this.#panel.hidden;
  }

  /** Shows an item; the focus goes there when it was asked for. */
  show(item, focus) {
    if (item !== this.#item || !this.open) {
      this.#item = item;
      this.#panel.hidden = false;
      this.#body.replaceChildren(...(item.frame ? this.#event(item) : [make('p', {}, item.text)]));
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

  #event({ frame, arrived, topic, selectors, text }) {
    const accepted = acceptedAt(frame.id);
    const known = topic ?? `One that ${some(selectors)} stands for. A stream does not say which: watch one topic to know.`;
    return [
      ...(text ? [make('p', { className: 'alarm' }, text)] : []),
      facts([
        ...(text ? [] : [['Topic', known]]),
        ['Type', frame.type],
        ['Id', frame.id || 'none'],
        ...(accepted ? [['Accepted', `${clock(accepted)}, by the hub's clock`]] : []),
        ['Arrived', clock(arrived)],
        ['Data', `${frame.data.length.toLocaleString('en')} characters`],
      ]),
      ...(text ? [] : [this.#actions(frame, selectors)]),
      make('h3', {}, 'Data'),
      data(frame.data),
      raw(frame.raw),
    ];
  }

  #actions(frame, selectors) {
    const said = make('span', { role: 'status', className: 'quiet' });
    const button = (label, act) => {
      const made = make('button', { type: 'button', className: 'plain' }, label);
      made.addEventListener('click', act);
      return made;
    };
    return make(
      'p',
      { className: 'actions' },
      button('Copy data', async () => (said.textContent = await copy(frame.data, this.#body.querySelector('.data')))),
      button('Watch what follows it', () => this.after(frame.id, selectors)),
      said,
    );
  }
}

function facts(pairs) {
  return make('dl', {}, ...pairs.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

function data(text) {
  const value = parse(text);
  return value === undefined ? long(text, 'data') : make('div', { className: 'data json' }, tree(value));
}

function raw(text) {
  const frame = make('details', { className: 'raw-frame' }, make('summary', {}, 'Raw frame'));
  frame.addEventListener('toggle', () => frame.childElementCount === 1 && frame.append(long(text, 'frame')));
  return frame;
}

function long(text, className) {
  return fillCut(make('pre', { className, tabIndex: 0 }), text);
}
