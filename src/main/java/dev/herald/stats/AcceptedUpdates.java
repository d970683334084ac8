package dev.herald.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import dev.herald.event.Event;
import dev.herald.event.Update;

/** Counters of the updates that this node has accepted from publishers, public and private. Thread-safe. */
public final class AcceptedUpdates {
    private final LongAdder publicUpdates = new LongAdder();
    private final LongAdder privateUpdates = new LongAdder();

    /** Counts one accepted update, by its event. */
    public void count(Event event) {
        (event.isPrivate() ? privateUpdates : publicUpdates).increment();
    }

    /** Counts accepted updates. */
    public void count(List<Update> updates) {
        long ofPrivate = updates.stream().filter(Update::isPrivate).count();
        privateUpdates.add(ofPrivate);
        publicUpdates.add(updates.size() - ofPrivate);
    }

    /** Number of accepted updates of both kinds. */
    public long total() {
        return publicUpdates.sum() + privateUpdates.sum();
    }

    /** Snapshot of the counters, without deliveries. */
    public HubStats snapshot() {
        return new HubStats(EventStats.accepted(publicUpdates.sum()), EventStats.accepted(privateUpdates.sum()));
    }
}
