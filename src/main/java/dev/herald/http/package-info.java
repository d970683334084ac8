/**
 * Request and response handling that every resource shares: bodies, parameters, credentials, origins, problem
 * documents, paths. May depend on {@code event}, {@code auth}, {@code limit}, the errors of {@code log}, {@code connection},
 * {@code memory}, {@code logging}, {@code stats} and {@code settings}.
 *
 * <p>Invariants: input is parsed strictly, and an error says what is valid. A request is used on its own event loop
 * only. One class maps exceptions to responses ({@link dev.herald.http.Problems}). What clients cause at will gets a
 * line a minute at most ({@link dev.herald.http.RefusedRequests}).
 *
 * <p>Start with {@link dev.herald.http.BodyReader} and {@link dev.herald.http.Problems}.
 */
package dev.herald.http;
