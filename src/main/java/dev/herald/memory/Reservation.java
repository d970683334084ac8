package dev.herald.memory;

/**
 * Bytes of a {@link MemoryBudget} reserved for one input while it is in memory. Used by one thread at a time. Closing
 * is idempotent.
 */
public final class Reservation implements AutoCloseable {
    private final MemoryBudget budget;
    private long bytes;
    private volatile boolean closed;

    /** A reservation of 0 bytes that can grow. */
    public Reservation(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Reserves more bytes. Returns false, without effect, if the budget has too few left or this is closed. */
    public boolean grow(long more) {
        if (closed || !budget.tryReserve(more, bytes)) {
            return false;
        }
        bytes += more;
        return true;
    }

    /** Releases some of the bytes. */
    public void shrink(long less) {
        long released = Math.min(less, bytes);
        bytes -= released;
        budget.release(released);
    }

    /** Budget that it belongs to. */
    public MemoryBudget budget() {
        return budget;
    }

    /** Reserved bytes. */
    public long bytes() {
        return bytes;
    }

    /** Whether it can no longer grow, whatever the budget has. Thread-safe. */
    public boolean closed() {
        return closed;
    }

    /** Releases all bytes, for good: input whose client has disconnected reserves no more. */
    @Override
    public void close() {
        closed = true;
        budget.release(bytes);
        bytes = 0;
    }
}
