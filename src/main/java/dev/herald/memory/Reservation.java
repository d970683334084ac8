package dev.herald.memory;

/**
 * Bytes of a {@link MemoryBudget} that belong to one piece of input, for as long as that is in memory. Used by one thread
 * at a time; closing it again does nothing.
 */
public final class Reservation implements AutoCloseable {
    private final MemoryBudget budget;
    private long bytes;
    private boolean closed;

    /** A reservation of 0 bytes that can grow. */
    public Reservation(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Reserves more bytes. Returns false, and changes nothing, if the budget has too few left or this is closed. */
    public boolean grow(long more) {
        if (closed || !budget.tryReserve(more, bytes)) {
            return false;
        }
        bytes += more;
        return true;
    }

    /** Whether it can grow no more, whatever the budget has. */
    public boolean closed() {
        return closed;
    }

    /** Returns all bytes to the budget, for good: input whose client has gone meanwhile reserves nothing any more. */
    @Override
    public void close() {
        closed = true;
        budget.release(bytes);
        bytes = 0;
    }
}
