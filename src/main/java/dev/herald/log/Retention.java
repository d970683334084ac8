package dev.herald.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Retention limits of a log; the first one reached applies. The newest event is always kept: it marks the log's head.
 *
 * @param maxEvents number of events, 1 or more
 * @param maxBytes sum of their sizes by {@link dev.herald.event.Event#size()}, in bytes
 * @param maxAge time since acceptance
 * @param keys limits of idempotency keys, which are kept whether or not their events are
 */
public record Retention(long maxEvents, long maxBytes, Optional<Duration> maxAge, Keys keys) {

    /** Limits of events, and the default ones of keys. */
    public Retention(long maxEvents, long maxBytes, Optional<Duration> maxAge) {
        this(maxEvents, maxBytes, maxAge, Keys.DEFAULT);
    }

    /** Limits that may each be absent. */
    public static Retention of(Optional<Long> maxEvents, Optional<Long> maxBytes, Optional<Duration> maxAge) {
        return new Retention(maxEvents.orElse(Long.MAX_VALUE), maxBytes.orElse(Long.MAX_VALUE), maxAge);
    }

    /** These limits of events, with others of keys. */
    public Retention with(Keys others) {
        return new Retention(maxEvents, maxBytes, maxAge, others);
    }

    /** Limits without a maximum age. */
    public static Retention of(long maxEvents, long maxBytes) {
        return new Retention(maxEvents, maxBytes, Optional.empty());
    }

    /**
     * Limits of idempotency keys.
     *
     * @param lifetime time since acceptance after which a key is forgotten
     * @param maxCount number of keys, 1 or more; none is forgotten early, so further ones are rejected
     */
    public record Keys(Duration lifetime, long maxCount) {
        /** The limits of the default configuration. */
        public static final Keys DEFAULT = new Keys(Duration.ofMinutes(10), 1_000_000);

        /**
         * Whether a key has expired: after its lifetime, or if it was accepted so far in the future that the clock was
         * wrong.
         */
        public boolean expired(Instant acceptedAt, Instant now) {
            return Duration.between(acceptedAt, now).abs().compareTo(lifetime) > 0;
        }

        /** Time until a key expires; 0 if it has. */
        public Duration untilExpiry(Instant acceptedAt, Instant now) {
            Duration age = Duration.between(acceptedAt, now);
            return expired(acceptedAt, now) ? Duration.ZERO : lifetime.minus(age);
        }
    }
}
