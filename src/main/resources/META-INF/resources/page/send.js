import { byId, make } from './dom.js';
import { clock } from './event-id.js';
import { mercureUrl, messageUrl, topics } from './hub.js';
import { reason } from './problem.js';
import { token } from './token.js';

const LONGEST_WAIT_MILLIS = 20_000;
const MOST_KEPT = 20;

/** An update with all that it can have, the hub's answer, and what was sent before, to send it again. */
export function send() {
  const form = byId('send-form');
  const fields = form.elements;
  const answer = byId('send-answer');
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
    const missing = lacks(sent);
    if (missing) {
      tell('problem', `Not sent. ${missing}`);
      fields.topic.focus();
      return;
    }
    busy = true;
    tell('', 'Sending…');
    const outcome = await post(sent);
    busy = false;
    tell(outcome.ok ? 'taken' : 'problem', outcome.text);
    keep(sent, outcome);
  }

  function tell(state, text) {
    answer.dataset.state = state;
    answer.textContent = text;
  }

  function keep(sent, outcome) {
    const again = make('button', { type: 'button', className: 'plain' }, 'Send again');
    again.addEventListener('click', () => publish(sent));
    const edit = make('button', { type: 'button', className: 'plain' }, 'Edit');
    edit.addEventListener('click', () => {
      fill(sent);
      fields.data.focus();
    });
    const what = [sent.type, sent.isPrivate ? 'private' : ''].filter(word => word).join(', ');
    const entry = make(
      'li',
      {},
      make('span', { className: 'time' }, clock(new Date())),
      make('span', { className: outcome.ok ? 'outcome taken' : 'outcome problem' }, outcome.short),
      make('bdi', { className: 'topic' }, sent.topic || 'default topic', what ? ` (${what})` : ''),
      make('bdi', { className: 'data' }, sent.data.slice(0, 200)),
      make('span', { className: 'actions' }, again, edit),
    );
    byId('sent').prepend(entry);
    byId('sent-none').hidden = true;
    if (byId('sent').childElementCount > MOST_KEPT) {
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
    /** What is written, to be sent in another way. */
    get update() {
      return update();
    },
  };
}

/** What it lacks to be what it is to be, in words: without a topic it would reach everybody, private or not. */
export function lacks({ topic, type, id, isPrivate }) {
  return topic === '' && (type !== '' || id !== '' || isPrivate)
    ? 'Name a topic: with one, this form can send a type, an id, or a private update.'
    : '';
}

/** The request that publishes it: to the topic as it is, or without one as the quick API takes it. */
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
  const begun = performance.now();
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: token.headers,
      body: fields ? new URLSearchParams(fields) : text,
      signal: AbortSignal.timeout(LONGEST_WAIT_MILLIS),
    });
    if (!answer.ok) {
      return { ok: false, short: `Refused, ${answer.status}`, text: `Not sent (${answer.status}). ${await reason(answer)}` };
    }
    const id = answer.headers.get('Event-ID') ?? (await answer.text());
    const millis = Math.round(performance.now() - begun);
    const readers = sent.isPrivate ? ' Only those get it whose token covers its topic.' : '';
    return { ok: true, short: 'Accepted', text: `Accepted after ${millis} ms as ${id}.${readers}` };
  } catch (failure) {
    return failure.name === 'TimeoutError'
      ? { ok: false, short: 'No answer', text: 'The hub has not answered, so that nobody knows if it went out.' }
      : { ok: false, short: 'Out of reach', text: 'Not sent: the hub cannot be reached. See that it runs, and send again.' };
  }
}
