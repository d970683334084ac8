/**
 * Identities of tokens, and their revocation. Knows no other package of the hub.
 *
 * <p>Invariants: an identity contains nothing that could be used as a token. A revocation is in force on this node
 * before it is acknowledged, and until its end.
 *
 * <p>Start with {@link dev.herald.identity.Revocations}.
 */
package dev.herald.identity;
