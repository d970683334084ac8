const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 60;
const PADDING = 2;

/** Small line chart of the last minutes, with one or two lines. A period without points is a gap in the line. */
export class Sparkline {
  #svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
  #area = element('path', { class: 'area' });
  #lines;
  #label;

  /**
   * @param label accessible name of the chart
   * @param count number of lines
   */
  constructor(label, count) {
    this.#label = label;
    this.#lines = Array.from({ length: count }, (_, index) => element('path', { class: `line-${index}` }));
    this.#svg.append(this.#area, ...this.#lines);
  }

  get element() {
    return this.#svg;
  }

  /**
   * Redraws the chart.
   *
   * @param points `{ at, values }`, oldest first, times in milliseconds; a value may be undefined
   * @param from time at the left edge
   * @param to time at the right edge
   * @param gap distance of two points that are not connected, in milliseconds
   * @param description accessible description of the values
   * @returns the highest value; undefined without any
   */
  draw(points, { from, to, gap, description }) {
    const values = points.flatMap(point => point.values).filter(value => value !== undefined);
    const highest = values.length > 0 ? Math.max(...values) : undefined;
    const x = at => ((at - from) / (to - from)) * WIDTH;
    const y = value => HEIGHT - PADDING - (value / Math.max(1, highest)) * (HEIGHT - 2 * PADDING);
    const segments = this.#lines.map((_, index) =>
      split(points, index, gap).map(segment => segment.map(({ at, values }) => [x(at), y(values[index])])),
    );
    this.#lines.forEach((line, index) => line.setAttribute('d', segments[index].map(linePath).join('')));
    this.#area.setAttribute('d', segments[0].map(areaPath).join(''));
    this.#svg.setAttribute('aria-label', `${this.#label}: ${description}`);
    return highest;
  }
}

/** Points that have the value, in segments without a gap. */
function split(points, index, gap) {
  const segments = [];
  let last = -Infinity;
  for (const point of points.filter(({ values }) => values[index] !== undefined)) {
    if (point.at - last > gap) {
      segments.push([]);
    }
    segments.at(-1).push(point);
    last = point.at;
  }
  return segments;
}

/** Path of a segment; a single point is a dot. */
function linePath(segment) {
  return `M${coordinates(segment)}h0`;
}

function areaPath(segment) {
  return `M${coordinates([[segment[0][0], HEIGHT], ...segment, [segment.at(-1)[0], HEIGHT]])}Z`;
}

function coordinates(segment) {
  return segment.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
}

function element(name, attributes) {
  const created = document.createElementNS(SVG_NAMESPACE, name);
  Object.entries(attributes).forEach(([key, value]) => created.setAttribute(key, value));
  return created;
}
