import { token } from './token.js';

/** What another token could mend. */
const OF_TOKENS = /:(missing-token|invalid-token|insufficient-scope)$/;

/** From below the hub, without a problem document. */
const TOO_LONG = 'More was named than fits into an address: name fewer topics, or a selector that stands for them, such as *.';

/** Why a request was refused, as a sentence for a person, and what another token could do about it. */
export async function reason(response) {
  const { problem, detail } = await read(response);
  return OF_TOKENS.test(problem?.type) ? `${detail} ${token.text ? 'Another' : 'A'} token can be pasted under Token.` : detail;
}

/** The same for who is under Token already. */
export async function plainReason(response) {
  return (await read(response)).detail;
}

/** The problem document, and its `detail` (RFC 9457), if there is one. */
async function read(response) {
  const problem = await response.json().catch(() => null);
  const unexplained = response.status === 414 ? TOO_LONG : `The answer was ${response.status}.`;
  return { problem, detail: typeof problem?.detail === 'string' ? problem.detail : unexplained };
}
