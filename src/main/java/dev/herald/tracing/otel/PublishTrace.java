package dev.herald.tracing.otel;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.tracing.UpdateTrace;

/**
 * Spans of the updates of one request, below its own: {@code append} in the log, and {@code deliver}, which is made when it
 * ends. Both have the request as their parent; {@code deliver} has a link to the publisher's own span.
 */
final class PublishTrace implements UpdateTrace {
    private static final int MAX_TOPIC = 256;

    private final Tracer tracer;
    private final Span request;
    private final SpanContext publisher;
    private final boolean namesTopics;
    private final AtomicInteger open;
    /** Absent before it begins and after it has ended. */
    private final AtomicReference<Span> append = new AtomicReference<>();

    private volatile long storedAtMicros;

    /**
     * @param request span of the request
     * @param publisher the publisher's span; not valid if it sent none
     * @param namesTopics whether public topics are exported
     * @param open number of spans in progress, which {@code append} adds to: it may outlast a request that is cut off
     */
    PublishTrace(Tracer tracer, Span request, SpanContext publisher, boolean namesTopics, AtomicInteger open) {
        this.tracer = tracer;
        this.request = request;
        this.publisher = publisher;
        this.namesTopics = namesTopics;
        this.open = open;
    }

    @Override
    public void enqueued(UpdateBatch batch) {
        Update first = batch.updates().get(0);
        if (batch.updates().size() > 1) {
            request.setAttribute(SpanAttributes.UPDATES, (long) batch.updates().size());
        } else if (namesTopics && !first.isPrivate()) {
            request.setAttribute(
                    SpanAttributes.DESTINATION, bounded(first.topics().get(0)));
        }
        append.set(tracer.spanBuilder("append").setParent(parent()).startSpan());
        open.incrementAndGet();
    }

    private static String bounded(Topic topic) {
        String name = topic.name();
        return name.length() > MAX_TOPIC ? name.substring(0, MAX_TOPIC) : name;
    }

    private Context parent() {
        return Context.root().with(request);
    }

    @Override
    public void taken() {
        Span span = append.get();
        if (span != null) {
            span.addEvent("taken from the queue");
        }
    }

    @Override
    public void stored() {
        storedAtMicros = micros();
        endAppend(StatusCode.UNSET);
    }

    @Override
    public void failed() {
        endAppend(StatusCode.ERROR);
    }

    @Override
    public void repeated() {
        Span span = append.get();
        if (span != null) {
            span.addEvent("stored earlier");
        }
        endAppend(StatusCode.UNSET);
    }

    private void endAppend(StatusCode status) {
        Span span = append.getAndSet(null);
        if (span != null) {
            open.decrementAndGet();
            span.setStatus(status);
            span.end();
        }
    }

    @Override
    public void delivered(int loops, long streams) {
        tracer.spanBuilder("deliver")
                .setParent(parent())
                .addLink(publisher.isValid() ? publisher : request.getSpanContext())
                .setStartTimestamp(storedAtMicros, TimeUnit.MICROSECONDS)
                .setAttribute(SpanAttributes.SYSTEM, SpanAttributes.HERALD)
                .setAttribute(SpanAttributes.LOOPS, (long) loops)
                .setAttribute(SpanAttributes.STREAMS, streams)
                .startSpan()
                .end(Math.max(storedAtMicros, micros()), TimeUnit.MICROSECONDS);
    }

    private static long micros() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
    }
}
