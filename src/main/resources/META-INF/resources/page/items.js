/** So many are kept, and so many characters in all, so that a page left open for weeks does not grow. */
const MOST_ITEMS = 10_000;
const MOST_CHARACTERS = 50_000_000;

/** Trimming moves all that is left, so it is not done for each item. */
const SLACK = 500;

/**
 * The items of a long list, oldest first, and those of them that a filter lets through. Each gets a `number`; numbers rise.
 * An item that is a `mark` says where something happened: no filter hides it, and it does not count as an event.
 */
export class Items {
  #all = [];
  #shown = this.#all;
  #matches;
  #characters = 0;
  #marks = 0;
  #next = 0;

  /** How many are shown, marks included. */
  get length() {
    return this.#shown.length;
  }

  /** How many events there are, how many of them the filter lets through, and whether there is nothing, not even a mark. */
  get counts() {
    const marks = this.#marks;
    return { all: this.#all.length - marks, shown: this.#shown.length - marks, empty: this.#all.length === 0 };
  }

  /** The shown item at that index. */
  at(index) {
    return this.#shown[index];
  }

  /** The index of a shown item; -1 if it is not, or no longer, shown. */
  indexOf({ number }) {
    const index = firstFrom(this.#shown, number);
    return this.#shown[index]?.number === number ? index : -1;
  }

  /**
   * Adds an item.
   *
   * @param size what it costs, in characters
   * @returns how many of the shown items had to go, the oldest ones
   */
  add(item, size) {
    item.number = this.#next++;
    item.size = size;
    this.#characters += size;
    this.#marks += item.mark ? 1 : 0;
    this.#all.push(item);
    if (this.#matches && this.#passes(item)) {
      this.#shown.push(item);
    }
    return this.#all.length < MOST_ITEMS + SLACK && this.#characters < MOST_CHARACTERS ? 0 : this.#trim();
  }

  clear() {
    this.#all = [];
    this.#characters = 0;
    this.#marks = 0;
    this.filter(this.#matches);
  }

  /** Shows marks and those events only; all of them if there is no filter. */
  filter(matches) {
    this.#matches = matches;
    this.#shown = matches ? this.#all.filter(item => this.#passes(item)) : this.#all;
  }

  #passes(item) {
    return item.mark || this.#matches(item);
  }

  #trim() {
    let gone = Math.max(0, this.#all.length - MOST_ITEMS);
    let left = this.#characters - this.#all.slice(0, gone).reduce((sum, item) => sum + item.size, 0);
    while (left > MOST_CHARACTERS / 2 && gone < this.#all.length - 1) {
      left -= this.#all[gone++].size;
    }
    this.#characters = left;
    const above = firstFrom(this.#shown, this.#all[gone].number);
    this.#marks -= this.#all.splice(0, gone).filter(item => item.mark).length;
    if (this.#matches) {
      this.#shown.splice(0, above);
    }
    return above;
  }
}

/** The index of the first item with that number or a higher one. */
function firstFrom(items, number) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
