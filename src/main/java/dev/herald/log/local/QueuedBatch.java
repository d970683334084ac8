package dev.herald.log.local;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.herald.event.Event;
import dev.herald.event.Receipt;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;

/**
 * Batch of updates in the {@link UpdateQueue}.
 *
 * @param kept false for transient updates
 * @param bytes reserved bytes
 * @param result completed by the thread that takes batches
 */
public record QueuedBatch(
        UpdateBatch batch, boolean kept, long bytes, AppendListener listener, CompletableFuture<Appended> result) {
    QueuedBatch(UpdateBatch batch, boolean kept, AppendListener listener) {
        this(batch, kept, batch.heapBytes(), listener, new CompletableFuture<>());
    }

    /** Number of updates. */
    public int size() {
        return batch.updates().size();
    }

    /**
     * Outcome of an append.
     *
     * @param events the appended events; none if the batch was appended earlier
     */
    public record Appended(List<Event> events, Receipt receipt) {}
}
