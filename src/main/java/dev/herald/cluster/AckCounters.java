package dev.herald.cluster;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import dev.herald.event.Event;
import dev.herald.log.LogStats;
import dev.herald.stats.LatencyHistogram;

/** Counters of the updates that this node has appended to the shared log, and acknowledged. Thread-safe. */
final class AckCounters implements PendingBatch.Listener {
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder transientEvents = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder repeated = new LongAdder();

    @Override
    public void appended(List<Event> appended, boolean isTransient) {
        if (isTransient) {
            transientEvents.add(appended.size());
        } else {
            events.add(appended.size());
            appended.forEach(event -> bytes.add(event.size()));
        }
    }

    @Override
    public void repeated() {
        repeated.increment();
    }

    /** Updates were rejected, or failed. */
    void failed(int updates) {
        failed.add(updates);
    }

    LogStats.Appends stats(LatencyHistogram commits) {
        return new LogStats.Appends(
                events.sum(), bytes.sum(), transientEvents.sum(), failed.sum(), repeated.sum(), commits);
    }
}
