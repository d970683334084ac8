import { FrameParser } from './frames.js';
import { reason } from './problem.js';

/** Rejection of a stream by the hub; the message is for the user. */
export class RejectedError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads one stream until it ends, with a token if there is one.
 *
 * @param listener `open()` when the stream has begun, `frames(list)` for all frames as they arrive
 * @returns at the end of the stream: `{ lastEventId, retryMillis, final }`, `final` if the hub wants no reconnection
 * @throws RejectedError if the hub rejects it, TypeError if the hub cannot be reached, AbortError by the signal
 */
export async function listen(url, { token, lastEventId = '', signal, listener }) {
  const response = await fetch(url, { headers: headers(token, lastEventId), cache: 'no-store', signal });
  if (response.status === 204) {
    return { lastEventId, final: true };
  }
  if (response.status >= 400 && response.status < 500) {
    throw new RejectedError(await reason(response), response.status);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new TypeError(`The response status was ${response.status}.`);
  }
  listener.open();
  const parser = new FrameParser(lastEventId);
  const reader = response.body.pipeThrough(new TextDecoderStream('utf-8', { ignoreBOM: true })).getReader();
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
    // A lost connection is treated as an end.
  }
  return { lastEventId: parser.lastEventId, retryMillis: parser.retryMillis, final: false };
}

/** Request headers. fetch takes bytes, one character each, so an id is encoded as UTF-8. */
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
