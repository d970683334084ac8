package dev.herald.tracing.otel;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.tracing.DeliveryTraces;

/**
 * Trace of an update at the start, exported to nowhere. So the first traced request loads no class, which would fail if
 * reconnecting clients had all file descriptors (invariant 9).
 */
final class Rehearsal {
    private Rehearsal() {}

    static void run() {
        try (SdkTracerProvider nowhere = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
                .build()) {
            Tracer tracer = nowhere.get("rehearsal");
            Span span = tracer.spanBuilder("request").startSpan();
            PublishTrace trace = new PublishTrace(tracer, span, SpanContext.getInvalid(), true, new AtomicInteger());
            DeliveryTraces deliveries = new DeliveryTraces();
            Object loop = new Object();
            AppendListener listener = deliveries.following(trace, () -> List.of(loop));
            trace.enqueued(UpdateBatch.of(Update.of(new Topic("rehearsal"), "")));
            listener.taken();
            listener.stored(1);
            deliveries.matched(1, 1);
            deliveries.passed(loop, 1);
            trace.failed();
            new RequestSpan(span, new AtomicInteger(1)).answered(RequestSpan.SERVER_ERROR);
        }
    }
}
