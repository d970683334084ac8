package dev.herald.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.log.TopicSnapshot;
import dev.herald.selector.TopicSelector;

/**
 * Parameters of one stream.
 *
 * @param selectors requested topic selectors; at least one
 * @param grants selectors of the private events that it may read
 * @param lastEventId where to resume: an event's id, a cursor, {@code earliest}, or any other text
 * @param since requested start without {@code lastEventId}
 * @param signals whether it accepts the hub's own blocks: opening, gap, live, and cursors with heartbeats
 * @param envelope whether each event is delivered as a JSON object (PROTOCOL Q17)
 * @param expiry expiry of its token, at which it must end (PROTOCOL E7)
 * @param payload JSON from its token for readers of the active subscriptions
 * @param requestBytes heap bytes of the request that its connection keeps while the stream is open, estimated
 */
public record Subscription(
        List<TopicSelector> selectors,
        List<TopicSelector> grants,
        Optional<String> lastEventId,
        Optional<ReplayFrom> since,
        boolean signals,
        boolean envelope,
        Optional<Instant> expiry,
        Optional<String> payload,
        long requestBytes) {

    /** Estimated heap bytes of a stream besides its texts: its connection, its outlet and its subscriber. */
    private static final long STREAM_BYTES = 1_700;

    /** Longest duration considered: longer than any stream, and representable in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public Subscription {
        selectors = List.copyOf(selectors);
        grants = List.copyOf(grants);
    }

    /** A subscription without a token; starts after the newest event unless {@code lastEventId} is present. */
    public Subscription(
            List<TopicSelector> selectors, List<TopicSelector> grants, Optional<String> lastEventId, boolean signals) {
        this(selectors, grants, lastEventId, Optional.empty(), signals, Optional.empty(), Optional.empty());
    }

    /** A subscription to plain events that keeps nothing of its request. */
    public Subscription(
            List<TopicSelector> selectors,
            List<TopicSelector> grants,
            Optional<String> lastEventId,
            Optional<ReplayFrom> since,
            boolean signals,
            Optional<Instant> expiry,
            Optional<String> payload) {
        this(selectors, grants, lastEventId, since, signals, false, expiry, payload, 0);
    }

    /** Time until the token expires, in nanoseconds; 0 or less when it has expired, empty if it does not expire. */
    OptionalLong nanosUntilExpiry(Instant now) {
        return expiry.map(end -> Duration.between(now, end))
                .map(left -> OptionalLong.of((left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos()))
                .orElseGet(OptionalLong::empty);
    }

    /** Requested event id or cursor, from either parameter. */
    Optional<String> requested() {
        return lastEventId.or(
                () -> since.filter(ReplayFrom.After.class::isInstance).map(begin -> ((ReplayFrom.After) begin).id()));
    }

    /** Estimated heap bytes of the open stream. Costs O(length of selectors and grants). */
    public long heapBytes() {
        return STREAM_BYTES
                + requestBytes
                + selectorBytes()
                + 2L * payload.map(String::length).orElse(0)
                + 2L * requested().map(String::length).orElse(0);
    }

    /** Estimated heap bytes while its start is located, {@link #heapBytes()} included. */
    public long startingBytes() {
        boolean search = lastEventId.isEmpty()
                && since.filter(ReplayFrom.LatestOfEachTopic.class::isInstance).isPresent();
        return heapBytes() + (search ? TopicSnapshot.SEARCH_BYTES : 0);
    }

    /** Estimated heap bytes of the selectors and the grants while the stream is open. */
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
