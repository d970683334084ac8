package dev.herald.event;

import java.util.List;
import java.util.Optional;

/**
 * Updates that are appended together: all or none, one after the other.
 *
 * @param updates at least one
 * @param key if present, the updates are appended once, however often the batch is sent
 * @param heapBytes estimated heap bytes of the updates and of their events
 */
public record UpdateBatch(List<Update> updates, Optional<IdempotencyKey> key, long heapBytes) {

    /** @throws IllegalArgumentException if there is no update */
    public UpdateBatch {
        updates = List.copyOf(updates);
        if (updates.isEmpty()) {
            throw new IllegalArgumentException("A batch has an update.");
        }
    }

    /** Batch of updates whose heap bytes are not known yet. Costs O(length of the data). */
    public UpdateBatch(List<Update> updates, Optional<IdempotencyKey> key) {
        this(updates, key, updates.stream().mapToLong(Update::heapBytes).sum());
    }

    /** Batch of one update, without a key. */
    public static UpdateBatch of(Update update) {
        return new UpdateBatch(List.of(update), Optional.empty());
    }
}
