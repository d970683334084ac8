package dev.herald.log;

import java.time.Duration;
import java.util.Optional;

/**
 * Retention limits of a log; the first one reached applies. The newest event is always kept: it marks the log's head.
 *
 * @param maxEvents number of events, 1 or more
 * @param maxBytes sum of their sizes by {@link dev.herald.event.Event#size()}, in bytes
 * @param maxAge time since acceptance
 */
public record Retention(long maxEvents, long maxBytes, Optional<Duration> maxAge) {

    /** Limits that may each be absent. */
    public static Retention of(Optional<Long> maxEvents, Optional<Long> maxBytes, Optional<Duration> maxAge) {
        return new Retention(maxEvents.orElse(Long.MAX_VALUE), maxBytes.orElse(Long.MAX_VALUE), maxAge);
    }

    /** Limits without a maximum age. */
    public static Retention of(long maxEvents, long maxBytes) {
        return new Retention(maxEvents, maxBytes, Optional.empty());
    }
}
