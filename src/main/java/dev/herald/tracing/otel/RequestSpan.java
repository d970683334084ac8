package dev.herald.tracing.otel;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jboss.logging.MDC;

/**
 * Span of one request in progress, with its ids in the context of log lines. Belongs to the request's event loop. Ends
 * once, and references nothing after that: the handlers of a stream's request last as long as the stream.
 */
final class RequestSpan {
    private static final String TRACE_ID = "traceId";
    private static final String SPAN_ID = "spanId";
    static final int SERVER_ERROR = 500;

    private final AtomicInteger open;
    private Span span;

    /** @param open number of spans in progress, which includes this one until its end */
    RequestSpan(Span span, AtomicInteger open) {
        this.span = span;
        this.open = open;
        if (ownContext().isPresent()) {
            MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
            MDC.put(SPAN_ID, span.getSpanContext().getSpanId());
        }
    }

    /**
     * Context of the current request. Without one, nothing may be set: it would stay on the thread, for other requests.
     */
    static Optional<Context> ownContext() {
        return Optional.ofNullable(Vertx.currentContext()).filter(VertxContext::isDuplicatedContext);
    }

    /** Ends with the status of the answer. */
    void answered(int status) {
        if (span == null) {
            return;
        }
        span.setAttribute(SpanAttributes.STATUS, (long) status);
        if (status >= SERVER_ERROR) {
            failed(Integer.toString(status));
        }
        end();
    }

    /** Ends without an answer, since the client has disconnected. */
    void disconnected() {
        if (span != null) {
            failed("disconnected");
            end();
        }
    }

    private void failed(String type) {
        span.setAttribute(SpanAttributes.ERROR, type);
        span.setStatus(StatusCode.ERROR);
    }

    private void end() {
        span.end();
        span = null;
        open.decrementAndGet();
        if (ownContext().isPresent()) {
            MDC.remove(TRACE_ID);
            MDC.remove(SPAN_ID);
        }
    }
}
