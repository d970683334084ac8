import { byId, make } from './dom.js';
import { figuresUrl } from './hub.js';
import { listen, Refusal } from './listen.js';
import { Spark } from './spark.js';
import { status } from './status.js';
import { token } from './token.js';
import { stateInWords } from './words.js';

const MINUTE_MILLIS = 60_000;
/** What is shown grows with what is there, in these steps. */
const SHOWN_MINUTES = [1, 2, 5];
/** Readings come each second; what is further apart has a hole between. */
const HOLE_MILLIS = 3_500;
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
  const charts = CHARTS.map(chart => card(chart));
  let readings = [];
  let request;
  byId('charts').append(...charts.map(chart => chart.card));

  function take(frames) {
    for (const { data } of frames) {
      if (data !== null) {
        readings.push({ at: Date.now(), figures: JSON.parse(data) });
        status.tell('figures', 'live', 'Live');
        byId('figures-problem').textContent = '';
      }
    }
    draw();
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
        await listen(figuresUrl(), { token: token.text, signal, listener: { open: () => {}, frames: take } });
      } catch (failure) {
        if (signal.aborted) {
          return;
        }
        if (failure instanceof Refusal) {
          status.tell('figures', 'refused', 'No figures');
          byId('figures-problem').textContent = failure.message;
          return;
        }
      }
      if (!signal.aborted) {
        status.tell('figures', 'lost', stateInWords('lost'));
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
    byId('figures-problem').textContent = '';
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

function card({ name, of, tell, lines, granted = false }) {
  const spark = new Spark(name, lines?.length ?? 1);
  const now = make('p', { className: 'now' }, '–');
  const begin = make('span', {}, '');
  const most = make('span', {}, '');
  const axis = make('p', { className: 'axis' }, begin, most, make('span', {}, 'now'));
  const element = make('section', { className: 'chart' }, make('h3', {}, name), now, spark.element, axis);
  const word = (value, index) => [lines?.[index], value === undefined ? '–' : tell(value)].filter(part => part).join(' ');
  return {
    card: element,
    draw(readings, minutes, to) {
      const points = readings.map(({ at, figures }) => ({ at, values: of(figures) }));
      const last = points.at(-1)?.values;
      element.hidden = granted && (last === undefined || last.every(value => value === undefined));
      const words = (last ?? []).map(word);
      now.replaceChildren(...words.map((text, index) => make('span', { className: `line-${index}` }, text)));
      if (words.length === 0) {
        now.textContent = '–';
      }
      const highest = spark.draw(points, {
        from: to - minutes * MINUTE_MILLIS,
        to,
        hole: HOLE_MILLIS,
        told: `now ${words.join(', ') || 'nothing yet'}, over the last ${span(minutes)}`,
      });
      begin.textContent = `${span(minutes)} ago`;
      most.textContent = highest === undefined ? '' : `up to ${tell(highest)}`;
    },
  };
}

function span(minutes) {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
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
