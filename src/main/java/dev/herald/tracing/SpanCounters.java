package dev.herald.tracing;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of sampled spans: those that a collector has accepted, and those that are lost. Thread-safe. */
public final class SpanCounters {
    private final LongAdder exported = new LongAdder();
    private final Map<Loss, LongAdder> lost = new EnumMap<>(Loss.class);

    /** Why a span does not reach the collector. */
    public enum Loss {
        /** Its request began while as many spans as may were in progress. */
        TOO_MANY_OPEN,
        /** It ended while as many spans as may waited for the exporter. */
        QUEUE_FULL,
        /** The collector could not be reached, or rejected it. */
        EXPORT_FAILED
    }

    public SpanCounters() {
        for (Loss loss : Loss.values()) {
            lost.put(loss, new LongAdder());
        }
    }

    public void exported(int spans) {
        exported.add(spans);
    }

    public void lost(Loss reason, int spans) {
        lost.get(reason).add(spans);
    }

    public long exported() {
        return exported.sum();
    }

    public long lost(Loss reason) {
        return lost.get(reason).sum();
    }
}
