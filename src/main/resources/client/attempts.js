export { backoff, pause, RESPONSE_MILLIS };

const MAX_TIMER_MILLIS = 2 ** 31 - 1;
/** Time for the head of a response. */
const RESPONSE_MILLIS = 30_000;

/** Milliseconds before the next attempt, with jitter. */
function backoff(failures, { retryAfter }, retry = 0) {
  if (retryAfter) {
    return retryAfter * (1 + Math.random() / 5);
  }
  return failures === 0 && retry > 0
    ? retry * (1 + Math.random() / 2)
    : Math.max(retry, Math.min(30_000, (retry || 2_000) * 2 ** failures) * (0.5 + Math.random() / 2));
}

function pause(millis, signal) {
  return new Promise(done => {
    const end = () => {
      clearTimeout(timer);
      // An application's signal may live as long as its page.
      signal?.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, signal?.aborted ? 0 : Math.min(millis, MAX_TIMER_MILLIS));
    signal?.addEventListener('abort', end);
  });
}
