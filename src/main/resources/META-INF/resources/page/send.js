import { byId, keepDraft, make } from './dom.js';
import { formatTime } from './event-id.js';
import { topics } from './hub.js';
import { Publisher } from './publisher.js';
import { post, requirement } from './sending.js';

const MAX_SENT = 20;

/** View that sends updates, shows the hub's response, and lists sent updates to send them again. */
export function send() {
  const form = byId('send-form');
  const fields = form.elements;
  const result = byId('send-result');
  const publisher = new Publisher();
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
    const outcome = await post(publisher, sent, text => show('', text));
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
    saveDraft();
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
  const saveDraft = keepDraft(form);

  return {
    /** Update of the form. */
    get update() {
      return update();
    },
  };
}
