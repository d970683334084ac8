/**
 * The quick API (PROTOCOL Q1–Q14, Q20, Q21): {@code POST /message}, {@code POST /updates}, {@code GET /SSE} and the
 * page. May depend on {@code web} and the packages below it.
 *
 * <p>Start with {@link dev.herald.web.quick.MessageResource}. {@link dev.herald.web.quick.QuickDialect} parses
 * requests, {@link dev.herald.web.quick.MessageBody} parses bodies. {@link dev.herald.web.quick.UpdatesResource} takes
 * several updates, which {@link dev.herald.web.quick.UpdatesParser} parses as they arrive.
 */
package dev.herald.web.quick;
