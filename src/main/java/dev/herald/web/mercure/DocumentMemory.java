package dev.herald.web.mercure;

import io.netty.buffer.ByteBufUtil;

import dev.herald.http.ProblemType;
import dev.herald.http.RefusedException;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;
import dev.herald.presence.ActiveSubscription;

/**
 * Heap reservation of one document about subscriptions, from its creation until it is sent. Thread-safe: a client may
 * disconnect while its document is being built.
 */
final class DocumentMemory implements AutoCloseable {
    /** The JSON is buffered, copied into one array, and copied again as it is sent. */
    private static final long COPIES = 3;

    /** JSON of one subscription without its texts, in bytes. */
    private static final long ENTRY_BYTES = 250;

    /** A selector is written both verbatim and percent-encoded. */
    private static final long BYTES_A_BYTE = 1 + 3;

    /** Multiple of the budget that a document may occupy if it is the only one; the heap has room for no larger one. */
    private static final long MAX_ALONE = 4;

    private final Reservation reservation;
    private final long maxBytes;
    private long bytes;
    private boolean sending;

    DocumentMemory(MemoryBudget budget) {
        this.reservation = new Reservation(budget);
        this.maxBytes = MAX_ALONE * budget.limit();
    }

    /** @throws RefusedException if the node has no memory left for another subscription */
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
                    "The hub has too little memory for so many subscriptions at the moment. Request one topic, or"
                            + " retry later.");
        }
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
