package dev.herald.cluster;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.event.EventId;
import dev.herald.event.Update;
import dev.herald.log.local.StoredKey;

/**
 * Batch that a node appends to a shared log. Immutable.
 *
 * @param token random; names the batch
 * @param entries at least one
 */
public record SharedBatch(UUID token, List<Entry> entries) {
    public SharedBatch {
        entries = List.copyOf(entries);
    }

    /** Part of a batch that is appended as a whole or, if its key is stored, not at all. */
    public sealed interface Entry {}

    /**
     * Updates of one publisher.
     *
     * @param ids of their events; none for transient ones, which get theirs when they are read
     * @param isTransient whether the events are delivered, and not kept
     * @param key if present, they are appended once; without its position
     */
    public record Updates(
            List<Update> updates, List<Optional<EventId>> ids, boolean isTransient, Optional<StoredKey> key)
            implements Entry {}

    /** Order to all nodes. */
    public record Order(Control control) implements Entry {}
}
