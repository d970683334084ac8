package dev.herald.stats;

import java.util.concurrent.atomic.AtomicLong;

/** Greatest value of the last one to two periods, 0 without any. One thread records; any thread reads. */
final class RecentMaximum {
    private final long periodNanos;
    private final AtomicLong current = new AtomicLong();
    private final AtomicLong previous = new AtomicLong();
    private long startedAt;

    /** @param now by {@link System#nanoTime()} */
    RecentMaximum(long periodNanos, long now) {
        this.periodNanos = periodNanos;
        this.startedAt = now;
    }

    /** Records a value, 0 or more. Must also be called without a new value, so that old ones expire. */
    void record(long value, long now) {
        if (now - startedAt >= periodNanos) {
            previous.setOpaque(now - startedAt < 2 * periodNanos ? current.getPlain() : 0);
            current.setOpaque(0);
            startedAt = now;
        }
        if (value > current.getPlain()) {
            current.setOpaque(value);
        }
    }

    /** Thread-safe. */
    long get() {
        return Math.max(previous.getOpaque(), current.getOpaque());
    }
}
