/** Limits, so that a page left open for weeks does not grow. */
const MAX_ITEMS = 10_000;
const MAX_CHARACTERS = 50_000_000;

/** Trimming moves all remaining items, so it is not done for each item. */
const SLACK = 500;

/**
 * Bounded list of items, oldest first, with a filter. Each item gets a rising `number`. An item that is a `mark` is a remark of
 * the page: no filter hides it, and it is not counted as an event.
 */
export class Items {
  #all = [];
  #shown = this.#all;
  #matches;
  #characters = 0;
  #marks = 0;
  #next = 0;

  /** Number of shown items, including marks. */
  get length() {
    return this.#shown.length;
  }

  /** Number of events, number of events that match the filter, and whether the list is empty, without marks, too. */
  get counts() {
    const marks = this.#marks;
    return { all: this.#all.length - marks, shown: this.#shown.length - marks, empty: this.#all.length === 0 };
  }

  /** Shown item at this index. */
  at(index) {
    return this.#shown[index];
  }

  /** Index of a shown item; -1 if it is not shown. */
  indexOf({ number }) {
    const index = lowerBound(this.#shown, number);
    return this.#shown[index]?.number === number ? index : -1;
  }

  /**
   * Adds an item.
   *
   * @param size in characters
   * @returns number of shown items that were removed, the oldest ones
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
    return this.#all.length < MAX_ITEMS + SLACK && this.#characters < MAX_CHARACTERS ? 0 : this.#trim();
  }

  clear() {
    this.#all = [];
    this.#characters = 0;
    this.#marks = 0;
    this.filter(this.#matches);
  }

  /** Shows only marks and matching events; all events without a filter. */
  filter(matches) {
    this.#matches = matches;
    this.#shown = matches ? this.#all.filter(item => this.#passes(item)) : this.#all;
  }

  #passes(item) {
    return item.mark || this.#matches(item);
  }

  #trim() {
    let removed = Math.max(0, this.#all.length - MAX_ITEMS);
    let left = this.#characters - this.#all.slice(0, removed).reduce((sum, item) => sum + item.size, 0);
    while (left > MAX_CHARACTERS / 2 && removed < this.#all.length - 1) {
      left -= this.#all[removed++].size;
    }
    this.#characters = left;
    const removedShown = lowerBound(this.#shown, this.#all[removed].number);
    this.#marks -= this.#all.splice(0, removed).filter(item => item.mark).length;
    if (this.#matches) {
      this.#shown.splice(0, removedShown);
    }
    return removedShown;
  }
}

/** Index of the first item with this number or a higher one. */
function lowerBound(items, number) {
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
