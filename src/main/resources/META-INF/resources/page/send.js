import { byId, make } from './dom.js';
import { formatTime } from './event-id.js';
import { mercureUrl, messageUrl, topics } from './hub.js';
import { reason } from './problem.js';
import { token } from './token.js';

const TIMEOUT_MILLIS = 20_000;
const MAX_SENT = 20;

/** View that sends updates, shows the hub's response, and lists sent updates to send them again. */
export function send() {
  const form = byId('send-form');
  const fields = form.elements;
  const result = byId('send-result');
  let busy = false;

  function update() {
    return {
      topic: fields.topic.value.trim(),
      data: fields.data.value,
      type: fields.type.value.trim(),
      id: fields.id.value.trim(),
      isPrivate: fields.private.checked,
    };
  }

  async function publish(sent) {
    if (busy) {
      return;
    }
    const missing = requirement(sent);
    if (missing) {
      show('problem', `Not sent. ${missing}`);
      fields.topic.focus();
      return;
    }
    busy = true;
    show('', 'Sending…');
    const outcome = await post(sent);
    busy = false;
    show(outcome.ok ? 'accepted' : 'problem', outcome.text);
    addToList(sent, outcome);
  }

  function show(state, text) {
    result.dataset.state = state;
    result.textContent = text;
  }

  function addToList(sent, outcome) {
    const again = make('button', { type: 'button', className: 'plain' }, 'Send again');
    again.addEventListener('click', () => publish(sent));
    const edit = make('button', { type: 'button', className: 'plain' }, 'Edit');
    edit.addEventListener('click', () => {
      fill(sent);
      fields.data.focus();
    });
    const kind = [sent.type, sent.isPrivate ? 'private' : ''].filter(word => word).join(', ');
    const entry = make(
      'li',
      {},
      make('span', { className: 'time' }, formatTime(new Date())),
      make('span', { className: outcome.ok ? 'outcome accepted' : 'outcome problem' }, outcome.short),
      make('bdi', { className: 'topic' }, sent.topic || 'default topic', kind ? ` (${kind})` : ''),
      make('bdi', { className: 'data' }, sent.data.slice(0, 200)),
      make('span', { className: 'actions' }, again, edit),
    );
    byId('sent').prepend(entry);
    byId('sent-none').hidden = true;
    if (byId('sent').childElementCount > MAX_SENT) {
      byId('sent').lastElementChild.remove();
    }
  }

  function fill(sent) {
    fields.topic.value = sent.topic;
    fields.data.value = sent.data;
    fields.type.value = sent.type;
    fields.id.value = sent.id;
    fields.private.checked = sent.isPrivate;
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    publish(update());
  });
  fields.data.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  fields.topic.value = topics[0] ?? '';

  return {
    /** Update of the form. */
    get update() {
      return update();
    },
  };
}

/** Missing requirement of an update, for the user; empty if there is none. Updates without a topic are always public. */
export function requirement({ topic, type, id, isPrivate }) {
  return topic === '' && (type !== '' || id !== '' || isPrivate)
    ? 'Enter a topic: a type, an id and a private update require one.'
    : '';
}

/** Request that publishes the update: as a Mercure form, or without a topic by the quick API. */
export function request({ topic, data, type, id, isPrivate }) {
  if (topic === '') {
    return { url: messageUrl(''), text: data };
  }
  const fields = [['topic', topic], ['data', data]];
  if (type !== '') {
    fields.push(['type', type]);
  }
  if (id !== '') {
    fields.push(['id', id]);
  }
  if (isPrivate) {
    fields.push(['private', 'on']);
  }
  return { url: mercureUrl(), fields };
}

async function post(sent) {
  const { url, text, fields } = request(sent);
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: token.headers,
      body: fields ? new URLSearchParams(fields) : text,
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    if (!response.ok) {
      const text = `Not sent (${response.status}). ${await reason(response)}`;
      return { ok: false, short: `Rejected, ${response.status}`, text };
    }
    const id = response.headers.get('Event-ID') ?? (await response.text());
    const millis = Math.round(performance.now() - startedAt);
    const note = sent.isPrivate ? ' Only subscribers whose token covers its topic receive it.' : '';
    return { ok: true, short: 'Accepted', text: `Accepted after ${millis} ms as ${id}.${note}` };
  } catch (failure) {
    return failure.name === 'TimeoutError'
      ? { ok: false, short: 'No response', text: 'The hub did not respond: the update may have been published.' }
      : { ok: false, short: 'Unreachable', text: 'Not sent: the hub cannot be reached. Check that it is running, and retry.' };
  }
}
