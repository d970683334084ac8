import { textOf } from './words.js';

const MOST_LINES = 1_000;

/** The list of messages: the newest below, and so many that a page left open for weeks does not grow. */
export class Lines {
  #list;
  #empty;

  constructor(list, empty) {
    this.#list = list;
    this.#empty = empty;
  }

  /** All is there that had been before: if it is nothing, that is said. */
  settle() {
    this.#empty.hidden = this.#list.childElementCount > 0;
  }

  /**
   * Adds an event's line. Text from others goes through text nodes only, never through markup.
   *
   * @param earlier whether it is from before the page was opened
   */
  message(data, earlier) {
    const { key, text } = textOf(data);
    const line = this.#add('message');
    line.classList.toggle('raw', !key);
    line.classList.toggle('earlier', earlier);
    if (key) {
      line.append(element('span', key));
    }
    // Isolated, since text that runs from right to left would else reorder what stands before it.
    line.append(element('bdi', text));
  }

  /** Adds a line of the page's own; returns it, so that its text can change. */
  note(text) {
    const line = this.#add('note');
    line.textContent = text;
    return line;
  }

  /** Adds a line about what is missing. */
  gap(text) {
    this.note(text).classList.add('gap');
  }

  #add(className) {
    const line = element('li', '');
    line.className = className;
    this.#empty.hidden = true;
    this.#list.append(line);
    if (this.#list.childElementCount > MOST_LINES) {
      this.#list.firstElementChild.remove();
    }
    return line;
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
