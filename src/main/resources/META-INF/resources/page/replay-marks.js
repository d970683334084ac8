import { messages } from './format.js';

const EARLIER = { heading: 'Earlier messages', total: count => messages(count, 'earlier'), end: 'New messages from here' };
const MISSED = { heading: 'Missed messages', total: count => messages(count, 'missed') };

/**
 * Marks around replayed messages: at first the latest messages from before the page was opened, and after a lost connection
 * the missed ones. The hub signals the end of the replay.
 */
export class ReplayMarks {
  #list;
  #texts = EARLIER;
  #replaying = true;
  #count = 0;
  #mark;

  constructor(list) {
    this.#list = list;
  }

  /** Whether messages received now are from before the page was opened. */
  get earlier() {
    return this.#replaying && this.#texts === EARLIER;
  }

  /** Call when the connection is lost. If that interrupts a replay, the next connection continues it. */
  begin() {
    if (!this.#replaying) {
      this.#texts = MISSED;
      this.#replaying = true;
      this.#count = 0;
      this.#mark = undefined;
    }
  }

  /** Call for each message, before it is added to the list. */
  count() {
    if (this.#replaying) {
      this.#mark ??= this.#list.addNote(this.#texts.heading);
      this.#count++;
    }
  }

  /** Call at the end of the replay: later messages are new. */
  end() {
    if (this.#replaying && this.#mark) {
      this.#mark.textContent = this.#texts.total(this.#count);
      if (this.#texts.end) {
        this.#list.addNote(this.#texts.end);
      }
    }
    this.#replaying = false;
  }
}
