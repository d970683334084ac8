import { byId, keepDraft } from './dom.js';
import { Publisher } from './publisher.js';
import { post, requirement } from './sending.js';

/** Form below the list of events that sends one, and shows the hub's response. */
export class SendBar {
  #form = byId('send-bar');
  #fields = this.#form.elements;
  #result = byId('send-bar-result');
  #publisher = new Publisher();
  #saveDraft = keepDraft(this.#form);
  #busy = false;
  #preset = '';

  /** @param isOpen whether it is open at first */
  constructor(isOpen) {
    this.#form.parentElement.open = isOpen;
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Sets the topic, unless the user has entered another. */
  preset(topic) {
    const { value } = this.#fields.topic;
    if (value === '' || value === this.#preset) {
      this.#fields.topic.value = topic;
      this.#preset = topic;
    }
  }

  /** Fills it with an event, to be changed and sent again. */
  fill({ type, text, private: isPrivate = false }, topic = '') {
    this.#fields.topic.value = topic;
    this.#fields.data.value = text;
    this.#fields.type.value = type === 'message' ? '' : type;
    this.#fields.private.checked = isPrivate;
    this.#saveDraft();
    this.#form.parentElement.open = true;
    this.#fields.data.focus();
  }

  async #send() {
    if (this.#busy) {
      return;
    }
    const { topic, data, type, private: isPrivate } = this.#fields;
    const sent = {
      topic: topic.value.trim(),
      data: data.value,
      type: type.value.trim(),
      id: '',
      isPrivate: isPrivate.checked,
    };
    const missing = requirement(sent);
    if (missing) {
      this.#show('problem', `Not sent. ${missing}`);
      topic.focus();
      return;
    }
    this.#busy = true;
    this.#show('', 'Sending…');
    const outcome = await post(this.#publisher, sent, text => this.#show('', text));
    this.#busy = false;
    this.#show(outcome.ok ? 'accepted' : 'problem', outcome.text);
    if (outcome.ok && data.value === sent.data) {
      data.value = '';
      this.#saveDraft();
    }
  }

  #show(state, text) {
    this.#result.dataset.state = state;
    this.#result.textContent = text;
  }
}
