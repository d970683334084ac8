package dev.herald.tracing.otel;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import dev.herald.tracing.SpanCounters;
import dev.herald.tracing.SpanCounters.Loss;

/**
 * Bounded queue of ended spans, exported in batches by a thread of the SDK. The SDK would drop what exceeds the bound
 * without a trace; here it is counted. Thread-safe, never waits.
 */
final class SpanQueue implements SpanProcessor {
    private static final int MAX_BATCH = 512;

    private final int capacity;
    private final SpanCounters counters;
    private final SpanProcessor batches;

    /** Spans that have ended and were not given to the exporter: at least those in the queue of the SDK. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param timeout longest time of one export */
    SpanQueue(SpanExporter exporter, int capacity, Duration timeout, SpanCounters counters) {
        this.capacity = capacity;
        this.counters = counters;
        this.batches = BatchSpanProcessor.builder(new Taking(exporter))
                .setMaxQueueSize(capacity)
                .setMaxExportBatchSize(Math.min(MAX_BATCH, capacity))
                .setExporterTimeout(timeout)
                .build();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // Not required.
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            counters.lost(Loss.QUEUE_FULL, 1);
        } else {
            batches.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return batches.shutdown();
    }

    /** Exporter that makes room in the queue before the export. */
    private final class Taking implements SpanExporter {
        private final SpanExporter exporter;

        Taking(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            waiting.addAndGet(-spans.size());
            return exporter.export(spans);
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
