/**
 * Tracing of updates, without a tracing library: the ports that requests and the hub use, and the settings. While it is
 * off, it costs a comparison a publish and a few field reads a turn of an event loop. {@code tracing.otel} is loaded
 * only if it is on (decision 235).
 *
 * <p>A span for each request, append and delivery has no topic, id, data, query or token. There is none for each
 * subscriber. Start with {@link dev.herald.tracing.Tracing}; {@link dev.herald.tracing.DeliveryTraces} follows an event
 * through the event loops.
 */
package dev.herald.tracing;
