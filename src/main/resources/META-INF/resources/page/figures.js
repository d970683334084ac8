import { Chart } from './chart.js';
import { byId } from './dom.js';
import { stateText } from './format.js';
import { hub, SUBSCRIPTION } from './hub.js';
import { reason } from './problem.js';
import { status } from './status.js';
import { token } from './token.js';

const MINUTE_MILLIS = 60_000;
/** Time ranges of the charts; the range grows with the readings. */
const RANGES_MINUTES = [1, 2, 5];

/** Charts. Values of a `restricted` one are sent only to clients whose token covers the figures; others do not see it. */
const CHARTS = [
  { name: 'Events per second', of: figures => [figures.events], format: number },
  { name: 'Deliveries per second', of: figures => [figures.deliveries], format: number },
  { name: 'Latency to the socket', of: figures => [figures.p50, figures.p99], format: micros, lines: ['p50', 'p99'] },
  { name: 'Subscribers', of: figures => [figures.subscribers], format: number },
  { name: 'Distinct selectors', of: figures => [figures.topics], format: number },
  { name: 'Bytes waiting for sockets', of: figures => [figures.waiting], format: bytes, restricted: true },
];

/** View of the hub's figures, read once a second while it is shown. */
export function figures() {
  const charts = CHARTS.map(chart => new Chart(chart));
  let readings = [];
  let subscription;
  byId('charts').append(...charts.map(chart => chart.element));

  /** The first figures follow after a second. */
  function receive({ data }) {
    status.set('figures', 'live', stateText('live'));
    showProblem('');
    readings.push({ at: Date.now(), figures: data });
    draw();
  }

  function changed(state, error) {
    if (state === 'waiting') {
      status.set('figures', 'lost', stateText('lost'));
      draw();
    } else if (error) {
      status.set('figures', 'rejected', 'No figures');
      showProblem(reason(error));
    }
  }

  /** Shows a problem in place of the charts. */
  function showProblem(text) {
    byId('figures-problem').textContent = text;
    byId('charts').hidden = text !== '';
  }

  function draw() {
    const to = Date.now();
    const age = to - (readings[0]?.at ?? to);
    const minutes = RANGES_MINUTES.find(range => range * MINUTE_MILLIS >= age) ?? RANGES_MINUTES.at(-1);
    readings = readings.filter(reading => reading.at >= to - minutes * MINUTE_MILLIS);
    charts.forEach(chart => chart.draw(readings, minutes, to));
  }

  let shown = false;
  function restart() {
    subscription?.close();
    subscription = undefined;
    if (shown && !document.hidden) {
      status.set('figures', 'connecting', stateText('connecting'));
      subscription = hub().subscribe({ ...SUBSCRIPTION, path: 'figures', onState: changed }, receive);
    }
  }

  document.addEventListener('visibilitychange', restart);
  token.addEventListener('change', () => {
    showProblem('');
    restart();
  });

  return {
    show() {
      shown = true;
      restart();
      draw();
    },
    hide() {
      shown = false;
      restart();
    },
  };
}

function number(value) {
  return Math.round(value).toLocaleString('en');
}

function micros(value) {
  return value < 1_000 ? `${Math.round(value)} µs` : `${twoDigits(value / 1_000)} ms`;
}

/** Two significant digits, without an exponent. */
function twoDigits(value) {
  return value < 100 ? value.toPrecision(2) : Math.round(value).toLocaleString('en');
}

function bytes(value) {
  const unit = value < 1_024 ? 0 : value < 1_048_576 ? 1 : 2;
  return `${Number((value / 1_024 ** unit).toPrecision(3)).toLocaleString('en')} ${['B', 'KiB', 'MiB'][unit]}`;
}
