const SPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 60;
const PAD = 2;

/** A small chart of one or two lines over the last minutes. Where nothing was measured, the line has a hole. */
export class Spark {
  #svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
  #lines;
  #label;

  /**
   * @param label what it shows, in words
   * @param count how many lines
   */
  constructor(label, count) {
    this.#label = label;
    this.#lines = Array.from({ length: count }, (_, index) => element('path', { class: `line-${index}` }));
    this.#svg.append(...this.#lines);
  }

  get element() {
    return this.#svg;
  }

  /**
   * Draws anew.
   *
   * @param points `{ at, values }`, oldest first, times in milliseconds; a value may be undefined
   * @param from the time at the left edge
   * @param to the time at the right edge
   * @param told what is shown, in words
   */
  draw(points, { from, to, hole, told }) {
    const highest = Math.max(1, ...points.flatMap(point => point.values.map(value => value ?? 0)));
    const x = at => (((at - from) / (to - from)) * WIDTH).toFixed(1);
    const y = value => (HEIGHT - PAD - (value / highest) * (HEIGHT - 2 * PAD)).toFixed(1);
    this.#lines.forEach((line, index) => {
      let path = '';
      let last = -Infinity;
      for (const { at, values } of points) {
        if (values[index] !== undefined) {
          path += `${at - last > hole ? 'M' : 'L'}${x(at)} ${y(values[index])}`;
          last = at;
        }
      }
      line.setAttribute('d', path);
    });
    this.#svg.setAttribute('aria-label', `${this.#label}: ${told}`);
    return highest;
  }
}

function element(name, attributes) {
  const made = document.createElementNS(SPACE, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
