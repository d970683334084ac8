/**
 * Code that the surfaces share: publishing ({@link dev.herald.web.Publishing}) and opening a stream
 * ({@link dev.herald.web.Streams}). May depend on {@code http}, {@code stream}, {@code hub}, {@code auth} and the
 * packages below them.
 *
 * <p>A surface is a subpackage that no other package imports: {@code web.quick}, {@code web.mercure},
 * {@code web.admin}. A new dialect needs a resource, a {@link dev.herald.web.Dialect} that parses stream requests, and
 * a {@link dev.herald.web.StreamFilter}; {@code web.quick} shows all three.
 *
 * <p>A stream that has begun cannot send an error status: it ends, and its client resumes by id.
 */
package dev.herald.web;
