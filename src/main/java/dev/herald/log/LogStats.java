package dev.herald.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.stats.LatencyHistogram;

/**
 * Counters of a log. Immutable; its parts are read one after the other, so they may be a batch apart.
 *
 * @param kept events that can be replayed, and the oldest of them
 * @param appends counters of the appender since the start
 * @param keys idempotency keys that are kept
 * @param queued updates that wait to be stored
 * @param fileBytes size of the files; empty for a log in memory
 * @param freeBytes free space of the file system of the files; empty for a log in memory
 */
public record LogStats(
        Kept kept, Appends appends, Keys keys, int queued, OptionalLong fileBytes, OptionalLong freeBytes) {

    /**
     * Events that the log keeps.
     *
     * @param bytes sum of their sizes by {@link dev.herald.event.Event#size()}
     * @param heapBytes heap that they occupy; 0 for a log in files
     * @param oldest acceptance of the oldest one; empty without events
     */
    public record Kept(long events, long bytes, long heapBytes, Optional<Instant> oldest) {
        public static final Kept NONE = new Kept(0, 0, 0, Optional.empty());
    }

    /**
     * Counters of stored updates.
     *
     * @param events events stored
     * @param bytes sum of their sizes by {@link dev.herald.event.Event#size()}
     * @param transientEvents events that were ordered and not stored
     * @param failed updates of batches that failed
     * @param repeated batches that were acknowledged again and not stored, since their key was used before
     * @param commits time that each batch took to be stored, in microseconds
     */
    public record Appends(
            long events, long bytes, long transientEvents, long failed, long repeated, LatencyHistogram commits) {}

    /**
     * Idempotency keys.
     *
     * @param count keys that are kept
     * @param limit most keys that may be kept
     */
    public record Keys(long count, long limit) {}
}
