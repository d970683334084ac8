/**
 * Request and response handling that every resource shares: bodies, parameters, credentials, origins, problem
 * documents, paths. May depend on {@code event}, {@code auth}, the errors of {@code log}, {@code connection} and
 * {@code memory}.
 *
 * <p>Invariants: input is parsed strictly, and an error says what is valid; a request is used on its own event loop
 * only; one class maps exceptions to responses ({@link dev.herald.http.Problems}).
 *
 * <p>Start with {@link dev.herald.http.BodyReader} and {@link dev.herald.http.Problems}.
 */
package dev.herald.http;
