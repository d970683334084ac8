package dev.herald.tracing.otel;

import io.opentelemetry.api.common.AttributeKey;

/**
 * Attributes of the hub's spans: those of OpenTelemetry's semantic conventions for HTTP servers and for messaging, and
 * two of its own.
 */
final class SpanAttributes {
    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    /** Number of updates of a request that has several. */
    static final AttributeKey<Long> UPDATES = AttributeKey.longKey("messaging.batch.message_count");

    static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    /** Number of event loops that had streams. */
    static final AttributeKey<Long> LOOPS = AttributeKey.longKey("herald.event_loop_count");
    /** Number of streams that got the request's last event live. */
    static final AttributeKey<Long> STREAMS = AttributeKey.longKey("herald.stream_count");

    static final String HERALD = "herald";

    private SpanAttributes() {}
}
