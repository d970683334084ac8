package dev.herald.web;

import dev.herald.limit.StreamSlot;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/**
 * What a stream occupies from its request until it is open: heap, and a place among its client's streams. Belongs to
 * the request's event loop. Closing is idempotent.
 */
final class PendingStream implements AutoCloseable {
    private final Reservation memory;
    private StreamSlot slot = StreamSlot.UNLIMITED;

    PendingStream(MemoryBudget budget) {
        this.memory = new Reservation(budget);
    }

    /** As {@link Reservation#grow}. */
    boolean grow(long bytes) {
        return memory.grow(bytes);
    }

    /** As {@link #grow}, to so many bytes in all. */
    boolean growTo(long bytes) {
        return memory.grow(bytes - memory.bytes());
    }

    Reservation memory() {
        return memory;
    }

    /** Thread-safe. */
    boolean closed() {
        return memory.closed();
    }

    /** Takes over a slot, and closes it at once if the client has disconnected. */
    void occupy(StreamSlot taken) {
        slot = taken;
        if (closed()) {
            slot.close();
        }
    }

    /**
     * Hands the stream over to the hub, which accounts for its memory.
     *
     * @return the slot, for the caller to close when the stream has ended
     */
    StreamSlot handOver() {
        memory.close();
        slot.reopen();
        return slot;
    }

    @Override
    public void close() {
        memory.close();
        slot.close();
    }
}
