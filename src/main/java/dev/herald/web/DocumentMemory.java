package dev.herald.web;

import dev.herald.hub.ActiveSubscription;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/**
 * Heap that one document about subscriptions occupies from its making until its client has taken it. Thread-safe: a document
 * may still be in the making when its client has gone.
 */
final class DocumentMemory implements AutoCloseable {
    /** The JSON of one subscription besides its texts, in bytes, while it is collected and once more as it is sent. */
    private static final long ENTRY_BYTES = 2 * 250;

    /** A character of a selector stands there as it is and escaped. */
    private static final long BYTES_A_CHARACTER = 2 * 4;

    private final Reservation reservation;
    private boolean sending;

    DocumentMemory(MemoryBudget budget) {
        this.reservation = budget.open();
    }

    /** @throws RefusedException if the node has no memory left for one more */
    synchronized void add(ActiveSubscription subscription) {
        long bytes = ENTRY_BYTES
                + BYTES_A_CHARACTER * subscription.selector().length()
                + 2L * subscription.payload().map(String::length).orElse(0);
        if (!reservation.grow(bytes)) {
            throw new RefusedException(
                    ProblemType.OVERLOADED,
                    "The hub has no memory left for so many subscriptions at the moment: ask for one topic, or again"
                            + " later.");
        }
    }

    /** From now on only {@link #sent} ends the reservation: an answer ends before its bytes have left. */
    synchronized void keepUntilSent() {
        sending = true;
    }

    /** The last byte of the document has left, or will not. */
    synchronized void sent() {
        reservation.close();
    }

    /** The answer has ended. */
    @Override
    public synchronized void close() {
        if (!sending) {
            reservation.close();
        }
    }
}
