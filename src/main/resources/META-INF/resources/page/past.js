import { messages } from './words.js';

const EARLIER = { running: 'Earlier messages', counted: count => messages(count, 'earlier'), end: 'New messages from here' };
const MISSED = {
  running: 'These messages came while you were away',
  counted: count => `${messages(count)} came while you were away`,
};

/**
 * Marks in the list what had been published before the stream was live: at first the latest messages from before the page
 * was opened, after a lost connection what came meanwhile. The hub tells where that ends.
 */
export class Past {
  #lines;
  #words = EARLIER;
  #running = true;
  #count = 0;
  #mark;

  constructor(lines) {
    this.#lines = lines;
  }

  /** Whether a message that comes now is from before the page was opened. */
  get earlier() {
    return this.#running && this.#words === EARLIER;
  }

  /** The connection is lost. What had not come when it was, is still of the same past when it is back. */
  begin() {
    if (!this.#running) {
      this.#words = MISSED;
      this.#running = true;
      this.#count = 0;
      this.#mark = undefined;
    }
  }

  /** A message has come, and its line is about to be added. */
  count() {
    if (this.#running) {
      this.#mark ??= this.#lines.note(this.#words.running);
      this.#count++;
    }
  }

  /** What comes from now on is new. */
  end() {
    if (this.#running && this.#mark) {
      this.#mark.textContent = this.#words.counted(this.#count);
      if (this.#words.end) {
        this.#lines.note(this.#words.end);
      }
    }
    this.#running = false;
  }
}
