import { byId, make } from './dom.js';
import { mercureUrl, streamUrl } from './hub.js';
import { plainReason } from './problem.js';
import { compact, read, token } from './token.js';

const TICK_MILLIS = 1_000;
const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];

/** Takes a token, tells what it says, and asks the hub what it thinks of it. */
export function tokenView() {
  const input = byId('token');
  const problem = byId('token-problem');
  const says = byId('token-says');
  const verdict = byId('token-verdict');
  let end;

  function take() {
    verdict.replaceChildren();
    problem.textContent = '';
    says.replaceChildren();
    end = undefined;
    let claims;
    try {
      claims = input.value.trim() === '' ? undefined : read(compact(input.value));
    } catch (failure) {
      problem.textContent = failure.message;
    }
    token.text = claims ? input.value : '';
    byId('token-ask').disabled = !claims;
    byId('token-forget').disabled = input.value === '';
    byId('token-none').hidden = input.value !== '';
    if (claims) {
      end = claims.end;
      says.replaceChildren(...told(claims));
    }
    tick();
  }

  /** How long it is good for, here and beside the view's name wherever one is. */
  function tick() {
    const over = end && end <= new Date();
    const mark = byId('token-mark');
    mark.textContent = token.text === '' ? '' : over ? 'ended' : 'in use';
    mark.hidden = token.text === '';
    mark.classList.toggle('alarm', Boolean(over));
    const place = byId('token-end');
    if (place) {
      place.textContent = end ? `${over ? 'ended' : 'ends'} ${relative(end)}` : 'never';
      place.classList.toggle('alarm', Boolean(over));
    }
  }

  async function ask() {
    const asked = token.text;
    verdict.replaceChildren('Asking…');
    const [listening, publishing] = await Promise.all([
      judge(mayListen, 'What is public needs none.'),
      judge(mayPublish, 'This hub needs none.'),
    ]);
    // Somebody may have pasted another one meanwhile.
    if (token.text === asked) {
      verdict.replaceChildren(line('To listen', listening), line('To publish', publishing));
    }
  }

  input.addEventListener('input', take);
  byId('token-forget').addEventListener('click', () => {
    input.value = '';
    take();
    input.focus();
  });
  byId('token-ask').addEventListener('click', ask);
  setInterval(tick, TICK_MILLIS);
  // Some browsers fill in what was there before a reload, and that is to be gone.
  input.value = '';
  take();

  return {};
}

function told({ publish, subscribe, payload, begin, end, algorithm }) {
  const rows = [
    ['May publish to', selectors(publish, 'nothing: it has no mercure.publish')],
    ['May read what is private on', selectors(subscribe, 'nothing: it has no mercure.subscribe')],
    ['Good until', [end ? `${end.toLocaleString()}, ` : '', make('span', { id: 'token-end' })]],
    ...(begin ? [['Not good before', [begin.toLocaleString()]]] : []),
    ...(payload === undefined ? [] : [['Tells others', [make('code', {}, JSON.stringify(payload))]]]),
    ['Signed with', [algorithm]],
  ];
  return rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, ...value)]);
}

function selectors(list, none) {
  if (list.length === 0) {
    return [make('span', { className: 'quiet' }, none)];
  }
  const all = list.map(selector => make('li', {}, make('code', {}, selector), selector === '*' ? ' (every topic)' : ''));
  return [make('ul', {}, ...all)];
}

function line(what, { ok, text }) {
  return make('p', { className: ok ? 'taken' : 'problem' }, make('strong', {}, `${what}: `), text);
}

/** What the hub says to the token; where it would take a request without one just as well, that is told too. */
async function judge(ask, needless) {
  const verdict = await ask(token.headers);
  return verdict.ok && (await ask({})).ok ? { ok: true, text: `${verdict.text} ${needless}` } : verdict;
}

/** Opens a stream, and lets go of it when the hub has answered. */
async function mayListen(headers) {
  const request = new AbortController();
  try {
    const answer = await fetch(streamUrl([]), { headers, signal: request.signal });
    return answer.ok ? { ok: true, text: 'the hub takes it.' } : { ok: false, text: await plainReason(answer) };
  } catch {
    return { ok: false, text: 'the hub cannot be reached.' };
  } finally {
    request.abort();
  }
}

/** Publishes nothing at all: a hub that takes the token says that a topic is missing, and one that does not says so first. */
async function mayPublish(headers) {
  try {
    const answer = await fetch(mercureUrl(), { method: 'POST', headers, body: new URLSearchParams() });
    return answer.status === 400 ? { ok: true, text: 'the hub takes it.' } : { ok: false, text: await plainReason(answer) };
  } catch {
    return { ok: false, text: 'the hub cannot be reached.' };
  }
}

function relative(date) {
  const seconds = Math.round((date - Date.now()) / 1_000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(Math.trunc(seconds / size), unit);
}
