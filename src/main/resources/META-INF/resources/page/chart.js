import { make } from './dom.js';
import { Sparkline } from './sparkline.js';

const MINUTE_MILLIS = 60_000;
/** Readings arrive once a second; a larger distance is a gap. */
const GAP_MILLIS = 3_500;

/** Chart of one figure, or of two of the same unit, with the current value in large type. */
export class Chart {
  #of;
  #format;
  #lines;
  #restricted;
  #sparkline;
  #current = make('p', { className: 'current' }, '–');
  #begin = make('span');
  #highest = make('span');
  #element;

  /**
   * @param name name of the figure
   * @param of returns the values of a reading, undefined if it has none
   * @param format formats a value
   * @param lines names of the lines, if there are several
   * @param restricted whether only some clients get the values; it is hidden from others
   */
  constructor({ name, of, format, lines = [''], restricted = false }) {
    this.#of = of;
    this.#format = format;
    this.#lines = lines;
    this.#restricted = restricted;
    this.#sparkline = new Sparkline(name, lines.length);
    const axis = make('p', { className: 'axis' }, this.#begin, this.#highest, make('span', {}, 'now'));
    this.#element = make(
      'section',
      { className: 'chart' },
      make('h3', {}, name),
      this.#current,
      this.#sparkline.element,
      axis,
    );
  }

  get element() {
    return this.#element;
  }

  /**
   * Redraws the chart.
   *
   * @param readings `{ at, figures }`, oldest first
   * @param minutes time range
   * @param to end of the range, in milliseconds
   */
  draw(readings, minutes, to) {
    const points = readings.map(({ at, figures }) => ({ at, values: this.#of(figures) }));
    // An old reading is not the current value.
    const last = points.filter(({ at }) => to - at <= GAP_MILLIS).at(-1)?.values ?? [];
    this.#element.hidden = this.#restricted && points.every(({ values }) => values.every(value => value === undefined));
    const texts = last.map((value, index) => this.#text(value, index));
    const parts = texts.map((text, index) => make('span', { className: `line-${index}` }, text));
    this.#current.replaceChildren(...(parts.length > 0 ? parts : ['–']));
    const range = minutes === 1 ? '1 minute' : `${minutes} minutes`;
    const highest = this.#sparkline.draw(points, {
      from: to - minutes * MINUTE_MILLIS,
      to,
      gap: GAP_MILLIS,
      description: `now ${texts.join(', ') || 'unknown'}, over the last ${range}`,
    });
    this.#begin.textContent = `${range} ago`;
    this.#highest.textContent = highest === undefined ? '' : `up to ${this.#format(highest)}`;
  }

  #text(value, index) {
    return [this.#lines[index], value === undefined ? '–' : this.#format(value)].filter(part => part).join(' ');
  }
}
