/**
 * Authentication and authorization: verifies the token of a request, and turns it into the topic selectors that its sender
 * may publish to and read.
 *
 * <p>Start with {@link dev.herald.auth.Authenticator}: it takes a token, or none, and returns {@link dev.herald.auth.Grants}
 * or fails. {@link dev.herald.auth.TokenGate} decides for publishers or for subscribers. {@link
 * dev.herald.auth.TokenVerifier} verifies signatures with the keys of a {@link dev.herald.auth.KeySource}. {@link
 * dev.herald.auth.Claims} validates what was signed.
 *
 * <p>May know topics, selectors and memory budgets. Does not know HTTP requests: its callers find the token in a request, and
 * turn its exceptions into a status.
 *
 * <p>Invariants: the algorithm comes from the configuration and fits the key; the header of a token names neither a key nor a
 * URL; no message and no log line contains a token or a key; no calling thread is blocked.
 */
package dev.herald.auth;
