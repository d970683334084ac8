import { token } from './token.js';

/** Problem types for which another token is the remedy. */
const TOKEN_PROBLEM = /:(missing-token|invalid-token|insufficient-scope)$/;

/** Message for a 414 of a proxy, which sends no problem document. */
const URL_TOO_LONG = 'The URL is too long: name fewer topics, or a selector that matches them, such as *.';

/** Reason why a request was rejected, with a remedy, for the user. */
export async function reason(response) {
  const { problem, detail } = await read(response);
  return TOKEN_PROBLEM.test(problem?.type) ? `${detail} Paste ${token.text ? 'another' : 'a'} token under Token.` : detail;
}

/** Reason why a request was rejected, for the token view itself. */
export async function plainReason(response) {
  return (await read(response)).detail;
}

/** Problem document (RFC 9457), if there is one, and its `detail` or a replacement. */
async function read(response) {
  const problem = await response.json().catch(() => null);
  const fallback = response.status === 414 ? URL_TOO_LONG : `The response status was ${response.status}.`;
  return { problem, detail: typeof problem?.detail === 'string' ? problem.detail : fallback };
}
