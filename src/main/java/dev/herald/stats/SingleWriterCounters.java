package dev.herald.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters that one thread writes and any thread reads, one for each constant of an enum. A write costs as much as that
 * of a plain field; readers see it soon after.
 */
public final class SingleWriterCounters<K extends Enum<K>> {
    private final AtomicLongArray values;

    /** @param kinds all constants of the enum */
    public SingleWriterCounters(K[] kinds) {
        values = new AtomicLongArray(kinds.length);
    }

    public void increment(K kind) {
        add(kind, 1);
    }

    public void add(K kind, long change) {
        set(kind, values.getPlain(kind.ordinal()) + change);
    }

    public void set(K kind, long value) {
        values.setOpaque(kind.ordinal(), value);
    }

    /** Thread-safe. */
    public long get(K kind) {
        return values.getOpaque(kind.ordinal());
    }
}
