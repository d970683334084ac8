package dev.herald.web;

import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/**
 * Heap reservation of one answer, until it is sent. Thread-safe: a client may disconnect while its answer is being
 * built.
 */
public final class AnswerMemory implements AutoCloseable {
    private final Reservation reservation;
    private boolean sending;

    public AnswerMemory(MemoryBudget budget) {
        this.reservation = new Reservation(budget);
    }

    /** As {@link Reservation#grow}. */
    public synchronized boolean grow(long bytes) {
        return reservation.grow(bytes);
    }

    /** Releases some of the bytes. */
    public synchronized void shrink(long bytes) {
        reservation.shrink(bytes);
    }

    /** From now on only {@link #sent} releases the reservation: a response ends before its bytes have left. */
    synchronized void keepUntilSent() {
        sending = true;
    }

    /** Releases the reservation. Call it when the last byte has left, or sending has failed. */
    synchronized void sent() {
        reservation.close();
    }

    /** Releases the reservation, unless {@link #keepUntilSent} was called. Call it when the response has ended. */
    @Override
    public synchronized void close() {
        if (!sending) {
            reservation.close();
        }
    }
}
