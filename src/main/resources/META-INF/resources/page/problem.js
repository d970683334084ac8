import { token } from './token.js';

/** Problem types for which another token is the remedy. */
const TOKEN_PROBLEM = /:(missing-token|invalid-token|insufficient-scope)$/;

/** Reason of a rejection by the hub, with a remedy, for the user. */
export function reason({ type, message }) {
  return TOKEN_PROBLEM.test(type) ? `${message} Paste ${token.text ? 'another' : 'a'} token under Token.` : message;
}

/** Reason of a failure that may be temporary, as part of a sentence. */
export function temporaryReason(failure) {
  // As fetch reports that there was no response.
  return failure instanceof TypeError ? 'the hub cannot be reached' : failure.message.replace(/^The (.*)\.$/, 'the $1');
}
