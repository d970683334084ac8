/**
 * Tracing with the SDK of OpenTelemetry. Spans have only what the hub itself knows: routes, status codes, times and
 * counts, and the topic of a public update if configured. Loaded only if tracing is on.
 *
 * <p>Everything is bounded: the spans in progress and the queue of the exporter by number, and the bytes of each span by
 * its fixed attributes and a limit on {@code tracestate}. An exporter that fails or is slow drops spans; nothing waits
 * for it. Start with {@link dev.herald.tracing.otel.OtelTracing}.
 */
package dev.herald.tracing.otel;
