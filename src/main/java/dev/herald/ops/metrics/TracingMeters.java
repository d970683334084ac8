package dev.herald.ops.metrics;

import jakarta.inject.Singleton;

import dev.herald.tracing.SpanCounters;
import dev.herald.tracing.Tracing;

/** Metrics of tracing; without it, they stay 0. */
@Singleton
final class TracingMeters implements Meters {
    private final Tracing tracing;

    TracingMeters(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void register(Views views) {
        SpanCounters spans = tracing.counters();
        views.counter(Metric.SPANS_EXPORTED, spans::exported);
        for (SpanCounters.Loss reason : SpanCounters.Loss.values()) {
            views.counter(Metric.SPANS_LOST, () -> spans.lost(reason), "reason", Views.label(reason));
        }
    }
}
