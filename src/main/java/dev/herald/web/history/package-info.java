/**
 * Answers with past events, as one JSON document or as lines, and requests that wait for events (PROTOCOL Q16). May
 * depend on {@code web}, {@code http}, {@code stream}, {@code hub}, {@code replay}, {@code auth} and the packages below
 * them. A surface parses the request and calls it.
 *
 * <p>Invariants: a client gets what a stream with the same request would get. Events are selected and encoded on the
 * threads of {@link dev.herald.web.history.HistoryThreads}, never on an event loop, in steps of bounded cost. An answer
 * reserves its bytes before they are encoded. A line is written when the client has taken the ones before.
 *
 * <p>Start with {@link dev.herald.web.history.History}, then {@link dev.herald.web.history.Reading}, which is one
 * request.
 */
package dev.herald.web.history;
