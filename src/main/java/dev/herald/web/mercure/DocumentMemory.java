package dev.herald.web.mercure;

import io.netty.buffer.ByteBufUtil;

import dev.herald.http.ProblemType;
import dev.herald.http.RefusedException;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;
import dev.herald.presence.ActiveSubscription;

/**
 * Heap that one document about subscriptions occupies from its making until its client has taken it. Thread-safe: a document
 * may still be in the making when its client has gone.
 */
final class DocumentMemory implements AutoCloseable {
    /** The JSON is collected, copied into one array, and copied once more as it is sent. */
    private static final long COPIES = 3;

    /** The JSON of one subscription besides its texts, in bytes. */
    private static final long ENTRY_BYTES = 250;

    /** A byte of a selector is there as it is and percent-encoded. */
    private static final long BYTES_A_BYTE = 1 + 3;

    /** A document that is alone may be larger than the budget, by this factor; the heap has room for that, and not for any. */
    private static final long MAX_ALONE = 4;

    private final Reservation reservation;
    private final long maxBytes;
    private long bytes;
    private boolean sending;

    DocumentMemory(MemoryBudget budget) {
        this.reservation = new Reservation(budget);
        this.maxBytes = MAX_ALONE * budget.limit();
    }

    /** @throws RefusedException if the node has no memory left for one more */
    synchronized void add(ActiveSubscription subscription) {
        long more = COPIES
                * (ENTRY_BYTES
                        + BYTES_A_BYTE * ByteBufUtil.utf8Bytes(subscription.selector())
                        + subscription.payload().map(ByteBufUtil::utf8Bytes).orElse(0));
        bytes += more;
        boolean first = bytes == more;
        if (!first && bytes > maxBytes || !reservation.grow(more)) {
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
