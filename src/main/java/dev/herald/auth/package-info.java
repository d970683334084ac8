/**
 * Authentication and authorization: verifies the token of a request, and turns it into the topic selectors that its
 * sender may publish to and read.
 *
 * <p>Start with {@link dev.herald.auth.Authenticator}: it takes a token, or none, and returns
 * {@link dev.herald.auth.Grants} or fails. {@link dev.herald.auth.TokenGate} decides for publishers, subscribers or administrators.
 * {@link dev.herald.auth.TokenVerifier} verifies signatures with the keys of a {@link dev.herald.auth.KeySource}.
 * {@link dev.herald.auth.Claims} validates what was signed. {@link dev.herald.auth.TokenRejectionLog} reports
 * what was not valid.
 *
 * <p>May know topics, selectors, identities and revocations of tokens, memory budgets, statistics, settings and rate limits of log lines. Does not know HTTP
 * requests: its callers extract the token from a request, and map its exceptions to a status.
 *
 * <p>Invariants: the algorithms come from the configuration, are fixed at the start and fit the keys. The header of a
 * token names neither a key nor a URL. No message and no log line contains a token or a key. No calling thread is
 * blocked.
 */
package dev.herald.auth;
