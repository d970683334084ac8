package dev.herald.hub;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.herald.event.TopicSelector;

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
 */
public record Subscription(
        List<TopicSelector> selectors,
        List<TopicSelector> grants,
        Optional<String> lastEventId,
        Optional<Since> since,
        boolean signals,
        Optional<Instant> expiry,
        Optional<String> payload) {

    /** What a selector takes besides its text, about, in bytes: its place in the index and among those who listen. */
    private static final int SELECTOR_BYTES = 256;

    public Subscription {
        selectors = List.copyOf(selectors);
        grants = List.copyOf(grants);
    }

    /** A subscription without a token, which begins with what is published from now on unless it sent something else. */
    public Subscription(
            List<TopicSelector> selectors, List<TopicSelector> grants, Optional<String> lastEventId, boolean signals) {
        this(selectors, grants, lastEventId, Optional.empty(), signals, Optional.empty(), Optional.empty());
    }

    /** What it asks to continue from, one way or the other. */
    Optional<String> requested() {
        return lastEventId.or(
                () -> since.filter(Since.After.class::isInstance).map(begin -> ((Since.After) begin).id()));
    }

    /** What selectors take of the node's memory while their stream is open, about, in bytes. */
    static long selectorBytes(List<TopicSelector> selectors) {
        return selectors.stream()
                .mapToLong(selector -> SELECTOR_BYTES + selector.text().length())
                .sum();
    }
}
