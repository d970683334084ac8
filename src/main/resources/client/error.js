export { failureOf };

/** Rejection by the hub, with the members of its problem document (RFC 9457). */
export class HeraldError extends Error {
  constructor({ status, type = 'about:blank', title, detail, index }) {
    super(detail ?? `The response status was ${status}.`);
    Object.assign(this, { name: 'HeraldError', status, type, title, detail, index });
  }
}

/** The failure that a response means: without `status` if another attempt may mend it. */
async function failureOf(response) {
  const { status, headers } = response;
  if (![200, 408, 425, 429, 500, 502, 503, 504].includes(status)) {
    return new HeraldError({ ...(await response.json().catch(() => null)), status });
  }
  const value = headers.get('Retry-After');
  const retryAfter = /^\d+$/.test(value) ? value * 1_000 : Date.parse(value) - Date.now();
  return Object.assign(new Error(`The response status was ${status}.`), retryAfter > 0 && { retryAfter });
}
