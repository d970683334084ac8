import { make } from './dom.js';
import { Items } from './items.js';

const ROW_REMS = 2;
const ROWS_BEYOND = 8;

/**
 * A long list of which only what is seen is in the document. Rows have one height, so that a row's place follows from its
 * index. A listbox for the keyboard and screen readers: arrows, Page Up and Down, Home and End choose, Enter opens.
 */
export class EventList {
  #box;
  #space;
  #fill;
  #chosen;
  #opened;
  #followed;
  #drawn;
  #items = new Items();
  #rows = new Map();
  #frame;
  #row = 32;
  #selected;
  #following = true;
  #reached = 0;

  /**
   * @param box the element that scrolls
   * @param fill fills the row of an item
   * @param chosen called with the item that was chosen
   * @param opened called with the item that is to be opened, and whether it was by a key
   * @param followed called when the newest row is, or is no longer, kept in view
   * @param drawn called with the counts when they may have changed, once a frame
   */
  constructor(box, { fill, chosen, opened, followed, drawn }) {
    this.#box = box;
    this.#fill = fill;
    this.#chosen = chosen;
    this.#opened = opened;
    this.#followed = followed;
    this.#drawn = drawn;
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

  /** Adds an item; `size` is what it costs, in characters. */
  add(item, size) {
    const gone = this.#items.add(item, size);
    if (gone > 0 && !this.#following) {
      // Who reads must not lose the place.
      this.#box.scrollTop -= gone * this.#row;
    }
    this.#draw();
  }

  clear() {
    this.#items.clear();
    this.#selected = undefined;
    this.#draw();
  }

  /** Shows marks and those events only; all of them if there is no filter. */
  filter(matches) {
    this.#items.filter(matches);
    this.#draw();
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
    const height = `${this.#items.length * this.#row}px`;
    if (this.#space.style.height !== height) {
      this.#space.style.height = height;
    }
    if (this.#following) {
      this.#box.scrollTop = this.#items.length * this.#row;
      this.#reached = this.#box.scrollTop;
    }
    this.#drawRows(...this.#seen());
    this.#tellActive();
    this.#drawn(this.#items.counts);
  }

  /** The first index that is to be drawn, and the one after the last. */
  #seen() {
    const { scrollTop, clientHeight } = this.#box;
    const first = Math.floor(scrollTop / this.#row) - ROWS_BEYOND;
    const end = Math.ceil((scrollTop + clientHeight) / this.#row) + ROWS_BEYOND;
    return [Math.max(0, first), Math.min(this.#items.length, end)];
  }

  #drawRows(first, end) {
    const rows = new Map();
    for (let index = first; index < end; index++) {
      const item = this.#items.at(index);
      rows.set(item.number, this.#place(this.#rows.get(item.number) ?? this.#make(item), item, index));
    }
    this.#rows.forEach((row, number) => rows.has(number) || row.remove());
    this.#rows = rows;
    let before = this.#space.firstChild;
    for (const row of rows.values()) {
      if (row === before) {
        before = before.nextSibling;
      } else {
        // In the document's order too, which is that of screen readers.
        this.#space.insertBefore(row, before);
      }
    }
  }

  #make(item) {
    const row = make('div', {
      id: `event-${item.number}`,
      className: 'row',
      role: 'option',
      data: { number: item.number },
    });
    this.#fill(row, item);
    return row;
  }

  #place(row, item, index) {
    row.style.transform = `translateY(${index * this.#row}px)`;
    row.ariaSetSize = this.#items.length;
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
    const index = row ? this.#items.indexOf({ number: Number(row.dataset.number) }) : -1;
    if (index >= 0) {
      this.#select(index);
      this.#opened(this.#selected, false);
    }
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#row) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const last = this.#items.length - 1;
    const at = this.#selected ? this.#items.indexOf(this.#selected) : -1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key in steps) {
      event.preventDefault();
      // Nothing chosen yet: from the newest on.
      const from = at < 0 ? (steps[event.key] < 0 ? last + 1 : last - 1) : at;
      const to = Math.min(last, Math.max(0, from + steps[event.key]));
      this.#select(to);
      this.#reveal(to);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.#opened(this.#selected, true);
    }
  }

  /** Scrolls no further than is needed to see the row. */
  #reveal(index) {
    const top = index * this.#row;
    const { scrollTop, clientHeight } = this.#box;
    if (top < scrollTop) {
      this.#box.scrollTop = top;
    } else if (top + this.#row > scrollTop + clientHeight) {
      this.#box.scrollTop = top + this.#row - clientHeight;
    }
  }

  #select(index) {
    this.#selected = this.#items.at(index);
    this.following = index === this.#items.length - 1 && this.#following;
    this.#drawNow();
    this.#chosen(this.#selected);
  }
}
