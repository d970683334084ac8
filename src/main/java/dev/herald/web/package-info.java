/**
 * Code that the surfaces share: publishing ({@link dev.herald.web.Publishing}) and opening a stream
 * ({@link dev.herald.web.Streams}). May depend on {@code http}, {@code stream}, {@code hub}, {@code auth} and the
 * packages below them.
 *
 * <p>A surface is a subpackage that no other package imports: {@code web.quick}, {@code web.mercure},
 * {@code web.admin}. A surface of its own needs a resource, a {@link dev.herald.web.Dialect} that parses stream
 * requests, a {@link dev.herald.web.StreamFilter} with its name binding, which calls {@link dev.herald.web.Streams}
 * before the head is written, and a parser of bodies; {@code web.quick} shows all of them. It also needs its methods in
 * {@code http.Problems.allowed} and its package in {@code ArchitectureTest}. It publishes by POST only:
 * {@code http.OriginFilter} verifies the origin of no other method.
 *
 * <p>A stream that has begun cannot send an error status: it ends, and its client resumes by id.
 */
package dev.herald.web;
