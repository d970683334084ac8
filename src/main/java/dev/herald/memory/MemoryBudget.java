package dev.herald.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounded heap bytes for one kind of input. Thread-safe, never blocks; each call is one atomic operation.
 *
 * <p>A sole reservation is granted even above the limit: otherwise an input within its own limit could never be
 * accepted on a small heap.
 */
public final class MemoryBudget {
    private final long limit;
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong rejections = new AtomicLong();

    /** @param limit in bytes, 1 or more */
    public MemoryBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("A budget has 1 byte or more, not " + limit + ".");
        }
        this.limit = limit;
    }

    /** A budget that is never exhausted. */
    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** Reserves the bytes if they fit below the limit, or if nothing else is reserved. Returns whether it did. */
    public boolean tryReserve(long bytes) {
        return tryReserve(bytes, 0);
    }

    /** As {@link #tryReserve(long)}, for a caller that has already reserved {@code own} bytes. */
    boolean tryReserve(long bytes, long own) {
        long before = reserved.getAndAdd(bytes);
        // In this order, since the sum may overflow.
        if (before <= own || bytes <= limit - before) {
            return true;
        }
        reserved.addAndGet(-bytes);
        rejections.incrementAndGet();
        return false;
    }

    /** Reserves the bytes even beyond the limit, for input already accepted. */
    public void reserve(long bytes) {
        reserved.addAndGet(bytes);
    }

    public void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    /** Whether {@link #tryReserve(long)} would grant the bytes now. */
    public boolean hasRoom(long bytes) {
        long now = reserved.get();
        return now <= 0 || bytes <= limit - now;
    }

    /** Whether nothing more can be reserved. */
    public boolean exhausted() {
        return reserved.get() >= limit;
    }

    /** Reserved bytes. */
    public long reserved() {
        return reserved.get();
    }

    /** Number of reservations that were not granted. */
    public long rejections() {
        return rejections.get();
    }

    /** Limit, in bytes. */
    public long limit() {
        return limit;
    }
}
