package dev.herald.web.mercure;

import io.netty.buffer.ByteBufUtil;

import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.memory.MemoryBudget;
import dev.herald.presence.ActiveSubscription;
import dev.herald.web.AnswerMemory;

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

    private final AnswerMemory answer;
    private final long maxBytes;
    private long bytes;

    DocumentMemory(MemoryBudget budget) {
        this.answer = new AnswerMemory(budget);
        this.maxBytes = MAX_ALONE * budget.limit();
    }

    /** @throws RequestRejectedException if the node has no memory left for another subscription */
    synchronized void add(ActiveSubscription subscription) {
        long more = COPIES
                * (ENTRY_BYTES
                        + BYTES_A_BYTE * ByteBufUtil.utf8Bytes(subscription.selector())
                        + subscription.payload().map(ByteBufUtil::utf8Bytes).orElse(0));
        bytes += more;
        boolean first = bytes == more;
        if (!first && bytes > maxBytes || !answer.grow(more)) {
            throw new RequestRejectedException(
                    ProblemType.OVERLOADED,
                    "The hub has too little memory for so many subscriptions at the moment. Request one topic, or"
                            + " retry later.");
        }
    }

    /** The reservation, for the sender. */
    AnswerMemory answer() {
        return answer;
    }

    /** {@link AnswerMemory#close}. */
    @Override
    public void close() {
        answer.close();
    }
}
