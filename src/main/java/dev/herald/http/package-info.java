/**
 * Plumbing of requests and answers that every resource shares: bodies, parameters, credentials, origins, problem documents,
 * paths. May know {@code event}, {@code auth}, the errors of {@code log}, {@code connection} and {@code memory}.
 *
 * <p>Invariants: input is parsed strictly, and an error says what would be valid; a request is used on its own event loop only;
 * one place turns an exception into an answer ({@link dev.herald.http.Problems}).
 *
 * <p>Start with {@link dev.herald.http.BodyReader} and {@link dev.herald.http.Problems}.
 */
package dev.herald.http;
