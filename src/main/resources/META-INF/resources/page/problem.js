/** Why a request was refused, as a sentence for a person: the problem document's `detail` (RFC 9457), if there is one. */
export async function reason(response) {
  const problem = await response.json().catch(() => null);
  const detail = typeof problem?.detail === 'string' ? problem.detail : `The answer was ${response.status}.`;
  return detail + advice(response.status);
}

/** What the page can do about it. */
function advice(status) {
  if (status === 401) {
    return ' A token can be pasted under Token.';
  }
  return status === 403 ? ' Another token can be pasted under Token.' : '';
}
