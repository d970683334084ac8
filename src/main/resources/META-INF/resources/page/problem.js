/** Why a request was refused, as a sentence for a person: the problem document's `detail` (RFC 9457), if there is one. */
export async function reason(response) {
  const problem = await response.json().catch(() => null);
  return typeof problem?.detail === 'string' ? problem.detail : `The answer was ${response.status}.`;
}
