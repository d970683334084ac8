/**
 * The quick API (PROTOCOL Q1–Q21): {@code POST /message}, {@code GET /SSE} and the page. May know {@code web} and what is below.
 *
 * <p>Start with {@link dev.herald.web.quick.MessageResource}. {@link dev.herald.web.quick.MessageBody} makes an update of a body,
 * {@link dev.herald.web.quick.QuickDialect} reads requests for streams.
 */
package dev.herald.web.quick;
