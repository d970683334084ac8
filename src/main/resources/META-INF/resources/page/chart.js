import { make } from './dom.js';
import { Spark } from './spark.js';

const MINUTE_MILLIS = 60_000;
/** Readings come each second; what is further apart has a hole between. */
const HOLE_MILLIS = 3_500;

/** One figure, or two of a kind: the last reading in large, and the readings before as a chart. */
export class Chart {
  #of;
  #tell;
  #lines;
  #granted;
  #spark;
  #now = make('p', { className: 'now' }, '–');
  #begin = make('span');
  #most = make('span');
  #element;

  /**
   * @param name of the figure
   * @param of gives the values of a reading, undefined where it has none
   * @param tell a value in words
   * @param lines the names of the lines, if there is more than one
   * @param granted whether only some are told; to others it is not shown
   */
  constructor({ name, of, tell, lines = [''], granted = false }) {
    this.#of = of;
    this.#tell = tell;
    this.#lines = lines;
    this.#granted = granted;
    this.#spark = new Spark(name, lines.length);
    const axis = make('p', { className: 'axis' }, this.#begin, this.#most, make('span', {}, 'now'));
    this.#element = make('section', { className: 'chart' }, make('h3', {}, name), this.#now, this.#spark.element, axis);
  }

  get element() {
    return this.#element;
  }

  /**
   * Draws anew.
   *
   * @param readings `{ at, figures }`, oldest first
   * @param minutes how many of them, up to now
   * @param to when that is, in milliseconds
   */
  draw(readings, minutes, to) {
    const points = readings.map(({ at, figures }) => ({ at, values: this.#of(figures) }));
    // What was last told is not how it is now, when nothing has come since.
    const last = points.filter(({ at }) => to - at <= HOLE_MILLIS).at(-1)?.values ?? [];
    this.#element.hidden = this.#granted && points.every(({ values }) => values.every(value => value === undefined));
    const words = last.map((value, index) => this.#word(value, index));
    const parts = words.map((text, index) => make('span', { className: `line-${index}` }, text));
    this.#now.replaceChildren(...(parts.length > 0 ? parts : ['–']));
    const span = minutes === 1 ? '1 minute' : `${minutes} minutes`;
    const highest = this.#spark.draw(points, {
      from: to - minutes * MINUTE_MILLIS,
      to,
      hole: HOLE_MILLIS,
      told: `now ${words.join(', ') || 'not known'}, over the last ${span}`,
    });
    this.#begin.textContent = `${span} ago`;
    this.#most.textContent = highest === undefined ? '' : `up to ${this.#tell(highest)}`;
  }

  #word(value, index) {
    return [this.#lines[index], value === undefined ? '–' : this.#tell(value)].filter(part => part).join(' ');
  }
}
