import { HeraldError } from '../herald.js';
import { keepDraft } from './dom.js';
import { topics } from './hub.js';
import { reason } from './problem.js';
import { Publisher } from './publisher.js';

/**
 * Form that sends messages. The text stays until the hub has accepted it; the reason of a rejection is shown below it.
 *
 * @param sent called when the hub has accepted a message
 */
export function composer(form, { sent }) {
  const input = form.elements.message;
  const error = form.querySelector('[role=alert]');
  const publisher = new Publisher();
  const saveDraft = keepDraft(form);
  const showProblem = text => (error.textContent = text);
  let busy = false;

  /** Publishes the text. Returns an error message; empty on success. */
  async function publish(message) {
    const topic = topics.length > 0 ? { topic: topics[0] } : {};
    try {
      await publisher.publish({ ...topic, data: { message } }, showProblem);
      return '';
    } catch (failure) {
      return failure instanceof HeraldError ? `Not sent. ${reason(failure)}` : `${failure.message} Your text is kept.`;
    }
  }

  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    const text = input.value;
    const problem = await publish(text);
    busy = false;
    showProblem(problem);
    input.focus();
    if (problem === '') {
      // Text that was changed meanwhile is kept.
      input.value = input.value === text ? '' : input.value;
      saveDraft();
      sent();
    }
  });
}
