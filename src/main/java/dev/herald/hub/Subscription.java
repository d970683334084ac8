package dev.herald.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.selector.TopicSelector;

/**
 * What one stream is about.
 *
 * @param selectors what the subscriber asked for; at least one
 * @param grants which private events it may learn of
 * @param lastEventId what it sent to continue from: an event's id, a cursor, {@code earliest}, or anything else
 * @param since where it begins if it sent nothing to continue from
 * @param signals whether it understands the hub's own blocks: opening, gap, live, and cursors with heartbeats
 * @param expiry when it must end, since its token does (PROTOCOL E7)
 * @param payload what its token says of the subscriber to those who may see the active subscriptions, as JSON
 * @param requestBytes what its connection keeps of the request in the heap while the stream is open, about, in bytes
 */
public record Subscription(
        List<TopicSelector> selectors,
        List<TopicSelector> grants,
        Optional<String> lastEventId,
        Optional<ReplayFrom> since,
        boolean signals,
        Optional<Instant> expiry,
        Optional<String> payload,
        long requestBytes) {

    /** What a stream occupies besides its texts, about, in bytes: its connection, its outlet and its subscriber. */
    private static final long STREAM_BYTES = 1_700;

    /** No stream is open for so long, and nanoseconds can be counted in it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public Subscription {
        selectors = List.copyOf(selectors);
        grants = List.copyOf(grants);
    }

    /** A subscription without a token, which begins with what is published from now on unless it sent something else. */
    public Subscription(
            List<TopicSelector> selectors, List<TopicSelector> grants, Optional<String> lastEventId, boolean signals) {
        this(selectors, grants, lastEventId, Optional.empty(), signals, Optional.empty(), Optional.empty());
    }

    /** A subscription of whose request nothing is kept. */
    public Subscription(
            List<TopicSelector> selectors,
            List<TopicSelector> grants,
            Optional<String> lastEventId,
            Optional<ReplayFrom> since,
            boolean signals,
            Optional<Instant> expiry,
            Optional<String> payload) {
        this(selectors, grants, lastEventId, since, signals, expiry, payload, 0);
    }

    /** How long the subscription may go on, in nanoseconds, if its token expires; 0 or less when it has expired. */
    OptionalLong nanosUntilExpiry(Instant now) {
        return expiry.map(end -> Duration.between(now, end))
                .map(left -> OptionalLong.of((left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos()))
                .orElseGet(OptionalLong::empty);
    }

    /** What it asks to continue from, one way or the other. */
    Optional<String> requested() {
        return lastEventId.or(
                () -> since.filter(ReplayFrom.After.class::isInstance).map(begin -> ((ReplayFrom.After) begin).id()));
    }

    /** What the stream occupies in the heap while it is open, about, in bytes. Costs O(length of selectors and grants). */
    public long heapBytes() {
        return STREAM_BYTES
                + requestBytes
                + selectorBytes()
                + 2L * payload.map(String::length).orElse(0)
                + 2L * requested().map(String::length).orElse(0);
    }

    /** What the selectors and the grants occupy in the heap while the stream is open, about, in bytes. */
    long selectorBytes() {
        return heapBytes(selectors) + heapBytes(grants);
    }

    private static long heapBytes(List<TopicSelector> selectors) {
        long bytes = 0;
        for (TopicSelector selector : selectors) {
            bytes += selector.heapBytes();
        }
        return bytes;
    }
}
