import { textOf } from './words.js';

const MOST_LINES = 1_000;

/** The list of messages: the newest below, and so many that a page left open for weeks does not grow. */
export class Lines {
  #list;
  #empty;

  constructor(list, empty) {
    this.#list = list;
    this.#empty = empty;
    empty.hidden = false;
  }

  /** Adds an event's line. Text from others goes through text nodes only, never through markup. */
  message(data) {
    const { key, text } = textOf(data);
    const line = this.#add(key ? 'message' : 'message raw');
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
