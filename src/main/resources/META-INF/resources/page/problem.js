import { token } from './token.js';

/** What another token could mend. */
const OF_TOKENS = /:(missing-token|invalid-token|insufficient-scope)$/;

/** Why a request was refused, as a sentence for a person: the problem document's `detail` (RFC 9457), if there is one. */
export async function reason(response) {
  const problem = await response.json().catch(() => null);
  const detail = typeof problem?.detail === 'string' ? problem.detail : `The answer was ${response.status}.`;
  return OF_TOKENS.test(problem?.type) ? `${detail} ${token.text ? 'Another' : 'A'} token can be pasted under Token.` : detail;
}
