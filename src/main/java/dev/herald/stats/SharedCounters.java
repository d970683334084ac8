package dev.herald.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters that many threads write, one for each constant of an enum. Thread-safe; counting allocates nothing, so it
 * works without memory, too.
 */
public final class SharedCounters<K extends Enum<K>> {
    private final AtomicLongArray values;

    /** @param kinds all constants of the enum */
    public SharedCounters(K[] kinds) {
        values = new AtomicLongArray(kinds.length);
    }

    public void increment(K kind) {
        values.incrementAndGet(kind.ordinal());
    }

    public long get(K kind) {
        return values.get(kind.ordinal());
    }
}
