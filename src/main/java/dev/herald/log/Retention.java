package dev.herald.log;

import java.time.Duration;
import java.util.Optional;

/**
 * What a log keeps; the first bound that is reached counts. The newest event is kept whatever its size and age: it holds
 * the log's place.
 *
 * @param maxEvents how many events, 1 or more
 * @param maxBytes sum of their sizes by {@link dev.herald.event.Event#size()}, in bytes
 * @param maxAge time since they were accepted
 */
public record Retention(long maxEvents, long maxBytes, Optional<Duration> maxAge) {

    /** Bounds of which each may be missing; a missing one bounds nothing. */
    public static Retention of(Optional<Long> maxEvents, Optional<Long> maxBytes, Optional<Duration> maxAge) {
        return new Retention(maxEvents.orElse(Long.MAX_VALUE), maxBytes.orElse(Long.MAX_VALUE), maxAge);
    }

    /** Bounds without one on age. */
    public static Retention of(long maxEvents, long maxBytes) {
        return new Retention(maxEvents, maxBytes, Optional.empty());
    }
}
