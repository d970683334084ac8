import { messageUrl } from './hub.js';
import { reason } from './problem.js';
import { token } from './token.js';

const TIMEOUT_MILLIS = 20_000;

/**
 * Form that sends messages. The text stays until the hub has accepted it; the reason of a rejection is shown below it.
 *
 * @param sent called when the hub has accepted a message
 */
export function composer(form, { sent }) {
  const input = form.elements.message;
  const error = form.querySelector('[role=alert]');
  let busy = false;

  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    const text = input.value;
    const problem = await publish(text);
    busy = false;
    error.textContent = problem;
    input.focus();
    if (problem === '') {
      // Text that was changed meanwhile is kept.
      input.value = input.value === text ? '' : input.value;
      sent();
    }
  });
}

/** Publishes the text. Returns an error message; empty on success. */
async function publish(text) {
  try {
    const response = await fetch(messageUrl(), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...token.headers },
      body: JSON.stringify({ message: text }),
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    return response.ok ? '' : `Not sent. ${await reason(response)}`;
  } catch (failure) {
    return failure.name === 'TimeoutError'
      ? 'The hub did not respond: the message may have been published. Your text is kept.'
      : 'Not sent: the hub cannot be reached. Your text is kept.';
  }
}
