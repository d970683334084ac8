import { messageUrl } from './hub.js';
import { reason } from './problem.js';
import { token } from './token.js';

const LONGEST_WAIT_MILLIS = 20_000;

/**
 * Sends what is written. The text stays until the hub has it, and a refusal is told in words beside it.
 *
 * @param sent called when the hub has taken a message
 */
export function composer(form, { sent }) {
  const input = form.elements.message;
  const refusal = form.querySelector('[role=alert]');
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
    refusal.textContent = problem;
    input.focus();
    if (problem === '') {
      // Who wrote on meanwhile keeps that.
      input.value = input.value === text ? '' : input.value;
      sent();
    }
  });
}

/** What kept the text from being published, in words; empty if nothing did. */
async function publish(text) {
  try {
    const answer = await fetch(messageUrl(), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...token.headers },
      body: JSON.stringify({ message: text }),
      signal: AbortSignal.timeout(LONGEST_WAIT_MILLIS),
    });
    return answer.ok ? '' : `Not sent. ${await reason(answer)}`;
  } catch (failure) {
    return failure.name === 'TimeoutError'
      ? 'The hub has not answered, so that nobody knows if the message went out. Your text is still here.'
      : 'Not sent: the hub cannot be reached. Your text is still here.';
  }
}
