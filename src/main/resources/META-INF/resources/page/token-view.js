import { byId, make } from './dom.js';
import { connect, SUBSCRIPTION } from './hub.js';
import { compact, decode, token } from './token.js';

const TICK_MILLIS = 1_000;
const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];

/** View to enter a token: shows its claims, and verifies it by requests to the hub. */
export function tokenView() {
  const input = byId('token');
  const problem = byId('token-problem');
  const claimList = byId('token-claims');
  const result = byId('token-result');
  let expiry;

  function update() {
    result.replaceChildren();
    problem.textContent = '';
    claimList.replaceChildren();
    expiry = undefined;
    let claims;
    try {
      claims = input.value.trim() === '' ? undefined : decode(compact(input.value));
    } catch (failure) {
      problem.textContent = failure.message;
    }
    token.text = claims ? input.value : '';
    byId('token-verify').disabled = !claims;
    byId('token-remove').disabled = input.value === '';
    byId('token-about').hidden = input.value !== '';
    if (claims) {
      expiry = claims.expiry;
      claimList.replaceChildren(...describe(claims));
    }
    renderExpiry();
  }

  /** Shows the time until expiry in the claims, and the state of the token beside the name of the view. */
  function renderExpiry() {
    const expired = expiry && expiry <= new Date();
    const state = byId('token-state');
    state.textContent = token.text === '' ? '' : expired ? 'expired' : 'in use';
    state.hidden = token.text === '';
    state.classList.toggle('danger', Boolean(expired));
    const element = byId('token-expiry');
    if (element) {
      element.textContent = expiry ? `${expired ? 'expired' : 'expires'} ${relative(expiry)}` : 'never';
      element.classList.toggle('danger', Boolean(expired));
    }
  }

  async function verify() {
    const verified = token.text;
    result.replaceChildren('Verifying…');
    const [subscribing, publishing] = await Promise.all([
      compareWithoutToken(trySubscribing, 'Public events need no token.'),
      compareWithoutToken(tryPublishing, 'This hub needs no token.'),
    ]);
    // The token may have been replaced meanwhile.
    if (token.text === verified) {
      result.replaceChildren(line('Subscribe', subscribing), line('Publish', publishing));
    }
  }

  input.addEventListener('input', update);
  byId('token-remove').addEventListener('click', () => {
    input.value = '';
    update();
    input.focus();
  });
  byId('token-verify').addEventListener('click', verify);
  setInterval(renderExpiry, TICK_MILLIS);
  // Some browsers restore the field after a reload, but the token must be gone.
  input.value = '';
  update();

  return {};
}

function describe({ publish, subscribe, payload, notBefore, expiry, algorithm }) {
  const rows = [
    ['May publish to', selectors(publish, 'no topics: it has no mercure.publish')],
    ['May read private events of', selectors(subscribe, 'no topics: it has no mercure.subscribe')],
    ['Expiry', [expiry ? `${expiry.toLocaleString()}, ` : '', make('span', { id: 'token-expiry' })]],
    ...(notBefore ? [['Not valid before', [notBefore.toLocaleString()]]] : []),
    ...(payload === undefined ? [] : [['Payload, visible to others', [make('code', {}, JSON.stringify(payload))]]]),
    ['Algorithm', [algorithm]],
  ];
  return rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, ...value)]);
}

function selectors(list, none) {
  if (list.length === 0) {
    return [make('span', { className: 'muted' }, none)];
  }
  const items = list.map(entry => make('li', {}, make('code', {}, entry), entry === '*' ? ' (all topics)' : ''));
  return [make('ul', {}, ...items)];
}

function line(action, { ok, text }) {
  return make('p', { className: ok ? 'accepted' : 'problem' }, make('strong', {}, `${action}: `), text);
}

/** Tries a request with the token, and without one: adds a remark if the token is not needed. */
async function compareWithoutToken(request, remark) {
  const outcome = await request(token.text);
  return outcome.ok && (await request('')).ok ? { ok: true, text: `${outcome.text} ${remark}` } : outcome;
}

function verdict(ok, failure) {
  const { status, message } = failure ?? {};
  return ok ? { ok, text: 'accepted.' } : { ok, text: status ? message : 'the hub cannot be reached.' };
}

/** Opens a stream, and closes it once the hub has responded. */
async function trySubscribing(text) {
  const hub = connect(text);
  const result = await new Promise(done => {
    const onState = (state, failure) => (state === 'live' || failure) && done(verdict(!failure, failure));
    hub.subscribe({ ...SUBSCRIPTION, onState });
  });
  hub.close();
  return result;
}

/** Sends an update without data, which is never published: the hub rejects an invalid token first, else the update. */
async function tryPublishing(text) {
  const hub = connect(text);
  const failure = await hub.publish({}, { timeout: 0 }).catch(rejection => rejection);
  hub.close();
  return verdict(failure.status === 400, failure);
}

function relative(date) {
  const seconds = Math.round((date - Date.now()) / 1_000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(Math.trunc(seconds / size), unit);
}
