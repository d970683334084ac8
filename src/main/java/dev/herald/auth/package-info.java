/**
 * Authentication and authorization: verifies the token of a request, and turns it into the topic selectors that its
 * sender may publish to and read.
 *
 * <p>Start with {@link dev.herald.auth.Authenticator}. It takes a token, or none, and returns
 * {@link dev.herald.auth.Grants} or fails. {@link dev.herald.auth.TokenGate} decides for publishers, subscribers or
 * administrators. {@link dev.herald.auth.TokenVerifier} verifies signatures with the keys of a
 * {@link dev.herald.auth.KeySource}. {@link dev.herald.auth.Claims} validates what was signed.
 * {@link dev.herald.auth.TokenRejectionLog} reports what was not valid.
 *
 * <p>May know {@code event}, {@code selector}, {@code identity}, {@code memory}, {@code stats}, {@code logging} and
 * {@code settings}. Does not know HTTP requests: its callers extract the token from a request, and map its exceptions
 * to a status.
 *
 * <p>Invariants: the algorithms come from the configuration, are fixed at the start and fit the keys. The header of a
 * token names neither a key nor a URL. No message and no log line contains a token or a key. No calling thread is
 * blocked.
 */
package dev.herald.auth;
