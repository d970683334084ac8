package dev.herald.cluster;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Batch of a shared log, as every node reads it. Immutable.
 *
 * @param token as in the {@link SharedBatch}
 * @param first position of its first entry
 * @param last position of its last entry; at least {@code first}
 * @param acceptedAt time of acceptance of its events, by the clock of the shared log
 * @param events one for each position from {@code first} to {@code last}, orders among them
 */
public record AppendedBatch(UUID token, long first, long last, Instant acceptedAt, List<SharedEvent> events) {
    public AppendedBatch {
        events = List.copyOf(events);
    }
}
