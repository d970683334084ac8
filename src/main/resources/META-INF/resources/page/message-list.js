import { textOf } from './format.js';

const MAX_LINES = 1_000;

/** List of messages, newest last, bounded so that a page left open for weeks does not grow. */
export class MessageList {
  #list;
  #empty;

  constructor(list, empty) {
    this.#list = list;
    this.#empty = empty;
  }

  /** Call at the end of the first replay: shows a hint if there are no messages. */
  replayed() {
    this.#empty.hidden = this.#list.childElementCount > 0;
  }

  /**
   * Adds a message. Text of others is added as text nodes only, never as markup.
   *
   * @param earlier whether it is from before the page was opened
   */
  addMessage(data, earlier) {
    const { key, text } = textOf(data);
    const line = this.#add('message');
    line.classList.toggle('raw', !key);
    line.classList.toggle('earlier', earlier);
    if (key) {
      line.append(element('span', key));
    }
    // Isolated: right-to-left text would otherwise reorder the text before it.
    line.append(element('bdi', text));
  }

  /** Adds a note of the page itself. Returns its element, whose text may be changed. */
  addNote(text) {
    const line = this.#add('note');
    line.textContent = text;
    return line;
  }

  /** Adds a note about missing messages. */
  addGap(text) {
    this.addNote(text).classList.add('gap');
  }

  #add(className) {
    const line = element('li', '');
    line.className = className;
    this.#empty.hidden = true;
    this.#list.append(line);
    if (this.#list.childElementCount > MAX_LINES) {
      this.#list.firstElementChild.remove();
    }
    return line;
  }
}

function element(name, text) {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}
