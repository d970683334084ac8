/**
 * What the surfaces share: publishing ({@link dev.herald.web.Publishing}) and opening a stream
 * ({@link dev.herald.web.Streams}). May know {@code http}, {@code stream}, {@code hub}, {@code auth} and what is below.
 *
 * <p>A surface is a package of its own below this one, which no other package imports: {@code web.quick}, {@code web.mercure},
 * {@code web.admin}. A new dialect is a resource, a {@link dev.herald.web.Dialect} that parses requests for streams, and a
 * {@link dev.herald.web.StreamFilter}; {@code web.quick} shows all three.
 *
 * <p>After a stream has begun there is no status any more: it can only end, and its client resumes by id.
 */
package dev.herald.web;
