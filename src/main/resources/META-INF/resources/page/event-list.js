import { make } from './dom.js';
import { Items } from './items.js';

const ROW_HEIGHT_REMS = 2;
const EXTRA_ROWS = 8;

/**
 * Virtual list: only visible rows are in the document. All rows have the same height, so that the position of a row follows
 * from its index. A listbox for the keyboard and screen readers: arrows, Page Up and Down, Home and End select, Enter opens.
 */
export class EventList {
  #container;
  #content;
  #fill;
  #selectedCallback;
  #openedCallback;
  #followChanged;
  #rendered;
  #items = new Items();
  #rows = new Map();
  #frame;
  #rowHeight = 32;
  #selected;
  #following = true;
  #reached = 0;

  /**
   * @param container the element that scrolls
   * @param fill fills the row of an item
   * @param selected called with the selected item
   * @param opened called with the item to open, and whether a key opened it
   * @param followChanged called with whether the newest row is kept in view, when that has changed
   * @param rendered called with the counts after each rendering, at most once a frame
   */
  constructor(container, { fill, selected, opened, followChanged, rendered }) {
    this.#container = container;
    this.#fill = fill;
    this.#selectedCallback = selected;
    this.#openedCallback = opened;
    this.#followChanged = followChanged;
    this.#rendered = rendered;
    this.#content = make('div', { className: 'space', role: 'presentation' });
    container.append(this.#content);
    container.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    container.addEventListener('keydown', event => this.#keyPressed(event));
    container.addEventListener('click', event => this.#clicked(event));
    new ResizeObserver(() => this.#resized()).observe(container);
  }

  /** Whether the newest row is kept in view. */
  get following() {
    return this.#following;
  }

  set following(follow) {
    if (this.#following !== follow) {
      this.#following = follow;
      this.#followChanged(follow);
    }
    this.#render();
  }

  /** Adds an item of this size in characters. */
  add(item, size) {
    const removed = this.#items.add(item, size);
    if (removed > 0 && !this.#following) {
      // Keep the reading position.
      this.#container.scrollTop -= removed * this.#rowHeight;
    }
    this.#render();
  }

  clear() {
    this.#items.clear();
    this.#selected = undefined;
    this.#render();
  }

  /** Shows only marks and matching events; all events without a filter. */
  filter(matches) {
    this.#items.filter(matches);
    this.#render();
  }

  #resized() {
    this.#rowHeight = ROW_HEIGHT_REMS * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.#render();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#container;
    const atEnd = scrollHeight - scrollTop - clientHeight < this.#rowHeight / 2;
    // Rows added since the last frame move the end away: only scrolling back stops following.
    this.following = atEnd || (this.#following && scrollTop >= this.#reached - 1);
  }

  /** Renders once a frame, however many items were added. */
  #render() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#renderNow();
    });
  }

  #renderNow() {
    const height = `${this.#items.length * this.#rowHeight}px`;
    if (this.#content.style.height !== height) {
      this.#content.style.height = height;
    }
    if (this.#following) {
      this.#container.scrollTop = this.#items.length * this.#rowHeight;
      this.#reached = this.#container.scrollTop;
    }
    this.#renderRows(...this.#visibleRange());
    this.#updateActive();
    this.#rendered(this.#items.counts);
  }

  /** Range of indexes to render: the first, and the one after the last. */
  #visibleRange() {
    const { scrollTop, clientHeight } = this.#container;
    const first = Math.floor(scrollTop / this.#rowHeight) - EXTRA_ROWS;
    const end = Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + EXTRA_ROWS;
    return [Math.max(0, first), Math.min(this.#items.length, end)];
  }

  #renderRows(first, end) {
    const rows = new Map();
    for (let index = first; index < end; index++) {
      const item = this.#items.at(index);
      rows.set(item.number, this.#positionRow(this.#rows.get(item.number) ?? this.#createRow(item), item, index));
    }
    this.#rows.forEach((row, number) => rows.has(number) || row.remove());
    this.#rows = rows;
    let before = this.#content.firstChild;
    for (const row of rows.values()) {
      if (row === before) {
        before = before.nextSibling;
      } else {
        // In document order, which screen readers use.
        this.#content.insertBefore(row, before);
      }
    }
  }

  #createRow(item) {
    const row = make('div', {
      id: `event-${item.number}`,
      className: 'row',
      role: 'option',
      data: { number: item.number },
    });
    this.#fill(row, item);
    return row;
  }

  #positionRow(row, item, index) {
    row.style.transform = `translateY(${index * this.#rowHeight}px)`;
    row.ariaSetSize = this.#items.length;
    row.ariaPosInSet = index + 1;
    row.ariaSelected = String(item === this.#selected);
    return row;
  }

  #updateActive() {
    const row = this.#selected && this.#rows.get(this.#selected.number);
    if (row) {
      this.#container.setAttribute('aria-activedescendant', row.id);
    } else {
      this.#container.removeAttribute('aria-activedescendant');
    }
  }

  #clicked(event) {
    const row = event.target.closest('.row');
    const index = row ? this.#items.indexOf({ number: Number(row.dataset.number) }) : -1;
    if (index >= 0) {
      this.#select(index);
      this.#openedCallback(this.#selected, false);
    }
  }

  #keyPressed(event) {
    const page = Math.max(1, Math.floor(this.#container.clientHeight / this.#rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const last = this.#items.length - 1;
    const at = this.#selected ? this.#items.indexOf(this.#selected) : -1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key in steps) {
      event.preventDefault();
      // Nothing is selected yet: start at the newest.
      const from = at < 0 ? (steps[event.key] < 0 ? last + 1 : last - 1) : at;
      const to = Math.min(last, Math.max(0, from + steps[event.key]));
      this.#select(to);
      this.#scrollTo(to);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.#openedCallback(this.#selected, true);
    }
  }

  /** Scrolls as little as needed to show the row. */
  #scrollTo(index) {
    const top = index * this.#rowHeight;
    const { scrollTop, clientHeight } = this.#container;
    if (top < scrollTop) {
      this.#container.scrollTop = top;
    } else if (top + this.#rowHeight > scrollTop + clientHeight) {
      this.#container.scrollTop = top + this.#rowHeight - clientHeight;
    }
  }

  #select(index) {
    this.#selected = this.#items.at(index);
    this.following = index === this.#items.length - 1 && this.#following;
    this.#renderNow();
    this.#selectedCallback(this.#selected);
  }
}
