import { messages } from './words.js';

const SILENCE_MILLIS = 500;
const LONGEST_MILLIS = 3_000;

/**
 * Marks in the list what came while the page was away. The stream does not say where its replay ends, so that what comes
 * after a return, up to the first silence and for a few seconds at most, counts as missed.
 */
export class Absence {
  #lines;
  #away = false;
  #returned;
  #missed = 0;
  #mark;
  #timer;

  constructor(lines) {
    this.#lines = lines;
  }

  /** The connection is lost. */
  begin() {
    this.settle();
    this.#away = true;
  }

  /** The connection is back. */
  end() {
    if (this.#away) {
      this.#away = false;
      this.#returned = performance.now();
      this.#waitForSilence();
    }
  }

  /** What comes from now on was not missed. */
  settle() {
    clearTimeout(this.#timer);
    if (this.#mark) {
      this.#mark.textContent = `${messages(this.#missed)} came while you were away`;
    }
    this.#returned = undefined;
    this.#missed = 0;
    this.#mark = undefined;
  }

  /** A message has come, and its line is about to be added. */
  count() {
    if (this.#returned === undefined) {
      return;
    }
    if (performance.now() - this.#returned > LONGEST_MILLIS) {
      this.settle();
      return;
    }
    this.#mark ??= this.#lines.note('These messages came while you were away');
    this.#missed++;
    this.#waitForSilence();
  }

  #waitForSilence() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), SILENCE_MILLIS);
  }
}
