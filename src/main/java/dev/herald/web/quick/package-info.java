/**
 * The quick API (PROTOCOL Q1–Q21): {@code POST /message}, {@code GET /SSE} and the page. May depend on {@code web} and
 * the packages below it.
 *
 * <p>Start with {@link dev.herald.web.quick.MessageResource}. {@link dev.herald.web.quick.MessageBody} parses bodies,
 * {@link dev.herald.web.quick.QuickDialect} parses stream requests.
 */
package dev.herald.web.quick;
