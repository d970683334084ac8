import { make } from './dom.js';

/** So many are kept, and so many characters in all, so that a page left open for weeks does not grow. */
const MOST_ITEMS = 10_000;
const MOST_CHARACTERS = 50_000_000;

/** Trimming moves all that is left, so it is not done for each item. */
const SLACK = 500;
const ROW_REMS = 2;
const ROWS_BEYOND = 8;

/**
 * A long list of which only what is seen is in the document. Rows have one height, so that a row's place follows from its
 * number. A listbox for the keyboard and screen readers: arrows, Page Up and Down, Home and End choose, Enter opens.
 */
export class EventList {
  #box;
  #space;
  #fill;
  #chosen;
  #followed;
  #all = [];
  #shown = this.#all;
  #rows = new Map();
  #filter = () => true;
  #filtered = false;
  #characters = 0;
  #next = 0;
  #frame;
  #row = 32;
  #selected;
  #following = true;
  #reached = 0;

  /**
   * @param box the element that scrolls
   * @param fill fills the row of an item
   * @param chosen called with the item that was chosen, and whether it is to be opened
   * @param followed called when the newest row is, or is no longer, kept in view
   */
  constructor(box, { fill, chosen, followed }) {
    this.#box = box;
    this.#fill = fill;
    this.#chosen = chosen;
    this.#followed = followed;
    this.#space = make('div', { className: 'space', role: 'presentation' });
    box.append(this.#space);
    box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    box.addEventListener('keydown', event => this.#key(event));
    box.addEventListener('click', event => this.#click(event));
    new ResizeObserver(() => this.#resized()).observe(box);
  }

  /** Whether the newest row is kept in view. */
  get following() {
    return this.#following;
  }

  set following(follow) {
    if (this.#following !== follow) {
      this.#following = follow;
      this.#followed(follow);
    }
    this.#draw();
  }

  /** How many there are, and how many of them the filter lets through. */
  get counts() {
    return { all: this.#all.length, shown: this.#shown.length };
  }

  /** Adds an item; `size` is what it costs, in characters. */
  add(item, size) {
    item.number = this.#next++;
    item.size = size;
    this.#characters += size;
    this.#all.push(item);
    if (this.#filtered && this.#filter(item)) {
      this.#shown.push(item);
    }
    this.#trim();
    this.#draw();
  }

  clear() {
    this.#all = [];
    this.#characters = 0;
    this.#selected = undefined;
    this.filter(this.#filtered ? this.#filter : undefined);
  }

  /** Shows those items only; all of them if there is no filter. */
  filter(matches) {
    this.#filtered = matches !== undefined;
    this.#filter = matches ?? (() => true);
    this.#shown = this.#filtered ? this.#all.filter(matches) : this.#all;
    this.#forgetRows();
    this.#draw();
  }

  #trim() {
    if (this.#all.length < MOST_ITEMS + SLACK && this.#characters < MOST_CHARACTERS) {
      return;
    }
    let gone = Math.max(0, this.#all.length - MOST_ITEMS);
    for (let i = 0; i < gone; i++) {
      this.#characters -= this.#all[i].size;
    }
    while (this.#characters > MOST_CHARACTERS / 2 && gone < this.#all.length - 1) {
      this.#characters -= this.#all[gone++].size;
    }
    const oldest = this.#all[gone].number;
    const above = this.#filtered ? this.#shown.findIndex(item => item.number >= oldest) : gone;
    this.#all.splice(0, gone);
    if (this.#filtered) {
      this.#shown.splice(0, above < 0 ? this.#shown.length : above);
    }
    this.#forgetRows();
    if (!this.#following) {
      // Who reads must not lose the place.
      this.#box.scrollTop -= above * this.#row;
    }
  }

  #forgetRows() {
    this.#rows.forEach(row => row.remove());
    this.#rows.clear();
  }

  #resized() {
    this.#row = ROW_REMS * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.#draw();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    const atEnd = scrollHeight - scrollTop - clientHeight < this.#row / 2;
    // Rows that came since the last frame take the end further away: only who went back has stopped following.
    this.following = atEnd || (this.#following && scrollTop >= this.#reached - 1);
  }

  /** Once a frame, however many items came. */
  #draw() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawNow();
    });
  }

  #drawNow() {
    const height = `${this.#shown.length * this.#row}px`;
    if (this.#space.style.height !== height) {
      this.#space.style.height = height;
    }
    const viewHeight = this.#box.clientHeight;
    if (this.#following) {
      this.#box.scrollTop = this.#shown.length * this.#row;
      this.#reached = this.#box.scrollTop;
    }
    const top = this.#box.scrollTop;
    const first = Math.max(0, Math.floor(top / this.#row) - ROWS_BEYOND);
    const last = Math.min(this.#shown.length, Math.ceil((top + viewHeight) / this.#row) + ROWS_BEYOND);
    const seen = new Set();
    for (let index = first; index < last; index++) {
      seen.add(this.#shown[index].number);
    }
    for (const [number, row] of this.#rows) {
      if (!seen.has(number)) {
        row.remove();
        this.#rows.delete(number);
      }
    }
    let before = this.#space.firstChild;
    for (let index = first; index < last; index++) {
      const row = this.#place(index);
      if (row === before) {
        before = before.nextSibling;
      } else {
        // In the document's order too, which is that of screen readers.
        this.#space.insertBefore(row, before);
      }
    }
    this.#tellActive();
  }

  #place(index) {
    const item = this.#shown[index];
    let row = this.#rows.get(item.number);
    if (!row) {
      row = make('div', { id: `event-${item.number}`, className: 'row', role: 'option' });
      row.dataset.number = item.number;
      this.#fill(row, item);
      this.#rows.set(item.number, row);
    }
    row.style.transform = `translateY(${index * this.#row}px)`;
    row.ariaSetSize = this.#shown.length;
    row.ariaPosInSet = index + 1;
    row.ariaSelected = String(item === this.#selected);
    return row;
  }

  #tellActive() {
    const row = this.#selected && this.#rows.get(this.#selected.number);
    if (row) {
      this.#box.setAttribute('aria-activedescendant', row.id);
    } else {
      this.#box.removeAttribute('aria-activedescendant');
    }
  }

  #click(event) {
    const row = event.target.closest('.row');
    const index = row ? this.#indexOf(Number(row.dataset.number)) : -1;
    if (index >= 0) {
      this.#select(index, true);
    }
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#row) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const last = this.#shown.length - 1;
    const at = this.#selected ? this.#indexOf(this.#selected.number) : -1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key in steps) {
      event.preventDefault();
      // Nothing chosen yet: from the newest on.
      const from = at < 0 ? (steps[event.key] < 0 ? last + 1 : last - 1) : at;
      this.#select(Math.min(last, Math.max(0, from + steps[event.key])), false);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.#chosen(this.#selected, true);
    }
  }

  #select(index, byPointer) {
    this.#selected = this.#shown[index];
    const top = index * this.#row;
    const { scrollTop, clientHeight } = this.#box;
    this.following = index === this.#shown.length - 1 && this.#following;
    if (!byPointer && top < scrollTop) {
      this.#box.scrollTop = top;
    } else if (!byPointer && top + this.#row > scrollTop + clientHeight) {
      this.#box.scrollTop = top + this.#row - clientHeight;
    }
    this.#drawNow();
    this.#chosen(this.#selected, false);
  }

  /** Numbers rise. */
  #indexOf(number) {
    let low = 0;
    let high = this.#shown.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.#shown[middle].number === number) {
        return middle;
      }
      if (this.#shown[middle].number < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
