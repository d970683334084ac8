import { Chart } from './chart.js';
import { byId } from './dom.js';
import { figuresUrl } from './hub.js';
import { listen, Refusal } from './listen.js';
import { status } from './status.js';
import { token } from './token.js';
import { stateInWords } from './words.js';

const MINUTE_MILLIS = 60_000;
/** What is shown grows with what is there, in these steps. */
const SHOWN_MINUTES = [1, 2, 5];
const PAUSE_MILLIS = 2_000;

/** What is `granted` is told to those only whose token covers the figures, and not shown to others. */
const CHARTS = [
  { name: 'Events a second', of: figures => [figures.events], tell: number },
  { name: 'Deliveries a second', of: figures => [figures.deliveries], tell: number },
  { name: 'From acceptance to socket', of: figures => [figures.p50, figures.p99], tell: micros, lines: ['p50', 'p99'] },
  { name: 'Subscribers', of: figures => [figures.subscribers], tell: number },
  { name: 'Topics and selectors', of: figures => [figures.topics], tell: number },
  { name: 'Bytes waiting for sockets', of: figures => [figures.waiting], tell: bytes, granted: true },
];

/** How this hub is, second by second, for those who may know. Listens only while it is looked at. */
export function figures() {
  const charts = CHARTS.map(chart => new Chart(chart));
  let readings = [];
  let request;
  byId('charts').append(...charts.map(chart => chart.element));

  function take(frames) {
    for (const { data } of frames) {
      if (data !== null) {
        readings.push({ at: Date.now(), figures: JSON.parse(data) });
      }
    }
    draw();
  }

  /** The first figures come a second later: they are of a second. */
  function open() {
    status.tell('figures', 'live', stateInWords('live'));
    tellProblem('');
  }

  /** In place of the charts. */
  function tellProblem(words) {
    byId('figures-problem').textContent = words;
    byId('charts').hidden = words !== '';
  }

  function draw() {
    const to = Date.now();
    const age = to - (readings[0]?.at ?? to);
    const minutes = SHOWN_MINUTES.find(some => some * MINUTE_MILLIS >= age) ?? SHOWN_MINUTES.at(-1);
    readings = readings.filter(reading => reading.at >= to - minutes * MINUTE_MILLIS);
    charts.forEach(chart => chart.draw(readings, minutes, to));
  }

  async function run(signal) {
    status.tell('figures', 'connecting', stateInWords('connecting'));
    while (!signal.aborted) {
      try {
        await listen(figuresUrl(), { token: token.text, signal, listener: { open, frames: take } });
      } catch (failure) {
        if (signal.aborted) {
          return;
        }
        if (failure instanceof Refusal) {
          status.tell('figures', 'refused', 'No figures');
          tellProblem(failure.message);
          return;
        }
      }
      if (!signal.aborted) {
        status.tell('figures', 'lost', stateInWords('lost'));
        draw();
        await new Promise(done => setTimeout(done, PAUSE_MILLIS));
      }
    }
  }

  let shown = false;
  function begin() {
    request?.abort();
    request = undefined;
    if (shown && !document.hidden) {
      request = new AbortController();
      run(request.signal);
    }
  }

  document.addEventListener('visibilitychange', begin);
  token.addEventListener('change', () => {
    tellProblem('');
    begin();
  });

  return {
    show() {
      shown = true;
      begin();
      draw();
    },
    hide() {
      shown = false;
      begin();
    },
  };
}

function number(value) {
  return Math.round(value).toLocaleString('en');
}

function micros(value) {
  return value < 1_000 ? `${Math.round(value)} µs` : `${twoDigits(value / 1_000)} ms`;
}

/** As precise as is of interest, and never as a power of ten. */
function twoDigits(value) {
  return value < 100 ? value.toPrecision(2) : Math.round(value).toLocaleString('en');
}

function bytes(value) {
  const unit = value < 1_024 ? 0 : value < 1_048_576 ? 1 : 2;
  return `${Number((value / 1_024 ** unit).toPrecision(3)).toLocaleString('en')} ${['B', 'KiB', 'MiB'][unit]}`;
}
