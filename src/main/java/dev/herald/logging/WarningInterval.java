package dev.herald.logging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Rate limiter of warnings about a state that lasts: one a minute at most, the first at once. Thread-safe. */
public final class WarningInterval {
    private static final long NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong dueAt = new AtomicLong(System.nanoTime());

    /** Whether a warning may be logged now. Then the next may be logged a minute later. */
    public boolean elapsed() {
        long now = System.nanoTime();
        long due = dueAt.get();
        return now - due >= 0 && dueAt.compareAndSet(due, now + NANOS);
    }
}
