import { FrameParser } from './frames.js';
import { reason } from './problem.js';

/** A stream was refused; the message is for a person. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * Listens to one answer of the hub until it ends, with a token if there is one.
 *
 * @param listener `open()` when the stream has begun, `frames(list)` as they come, all of them
 * @returns when the hub has ended it: `{ lastEventId, retryMillis, final }`, final if it wants no return
 * @throws Refusal if the hub will not serve it, TypeError if it cannot be reached, AbortError by the signal
 */
export async function listen(url, { token, lastEventId = '', signal, listener }) {
  const answer = await fetch(url, { headers: headers(token, lastEventId), cache: 'no-store', signal });
  if (answer.status === 204) {
    return { lastEventId, final: true };
  }
  if (answer.status >= 400 && answer.status < 500) {
    throw new Refusal(await reason(answer), answer.status);
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new TypeError(`The answer was ${answer.status}.`);
  }
  listener.open();
  const parser = new FrameParser(lastEventId);
  const reader = answer.body.pipeThrough(new TextDecoderStream('utf-8', { ignoreBOM: true })).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const frames = parser.push(part.value);
      if (frames.length > 0) {
        listener.frames(frames, parser.retryMillis);
      }
    }
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    // Cut off: as good as ended.
  }
  return { lastEventId: parser.lastEventId, retryMillis: parser.retryMillis, final: false };
}

/** An id is any text, and a header is bytes: it goes as UTF-8, which fetch takes as one character a byte. */
function headers(token, lastEventId) {
  const all = {};
  if (token) {
    all.Authorization = `Bearer ${token}`;
  }
  if (lastEventId) {
    all['Last-Event-ID'] = String.fromCharCode(...new TextEncoder().encode(lastEventId));
  }
  return all;
}
