const SPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 60;
const PAD = 2;

/** A small chart of one or two lines over the last minutes. Where nothing was measured, the line has a hole. */
export class Spark {
  #svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
  #ground = element('path', { class: 'ground' });
  #lines;
  #label;

  /**
   * @param label what it shows, in words
   * @param count how many lines
   */
  constructor(label, count) {
    this.#label = label;
    this.#lines = Array.from({ length: count }, (_, index) => element('path', { class: `line-${index}` }));
    this.#svg.append(this.#ground, ...this.#lines);
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
   * @param hole how far apart, in milliseconds, two points are between which nothing is known
   * @param told what is shown, in words
   * @returns the highest value; undefined if there is none
   */
  draw(points, { from, to, hole, told }) {
    const values = points.flatMap(point => point.values).filter(value => value !== undefined);
    const highest = values.length > 0 ? Math.max(...values) : undefined;
    const x = at => ((at - from) / (to - from)) * WIDTH;
    const y = value => HEIGHT - PAD - (value / Math.max(1, highest)) * (HEIGHT - 2 * PAD);
    const runs = this.#lines.map((_, index) =>
      split(points, index, hole).map(run => run.map(({ at, values }) => [x(at), y(values[index])])),
    );
    this.#lines.forEach((line, index) => line.setAttribute('d', runs[index].map(outline).join('')));
    this.#ground.setAttribute('d', runs[0].map(filled).join(''));
    this.#svg.setAttribute('aria-label', `${this.#label}: ${told}`);
    return highest;
  }
}

/** The points that have the value, in runs without a hole. */
function split(points, index, hole) {
  const runs = [];
  let last = -Infinity;
  for (const point of points.filter(({ values }) => values[index] !== undefined)) {
    if (point.at - last > hole) {
      runs.push([]);
    }
    runs.at(-1).push(point);
    last = point.at;
  }
  return runs;
}

/** A run of a single point is a dot. */
function outline(run) {
  return `M${corners(run)}h0`;
}

function filled(run) {
  return `M${corners([[run[0][0], HEIGHT], ...run, [run.at(-1)[0], HEIGHT]])}Z`;
}

function corners(run) {
  return run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
}

function element(name, attributes) {
  const made = document.createElementNS(SPACE, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
