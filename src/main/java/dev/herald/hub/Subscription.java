package dev.herald.hub;

import java.util.List;
import java.util.Optional;

import dev.herald.event.TopicSelector;

/**
 * What one stream is about.
 *
 * @param selectors what the subscriber asked for; at least one
 * @param grants which private events it may learn of
 * @param lastEventId what it sent to continue from: an event's id, a cursor, {@code earliest}, or anything else
 * @param signals whether it understands the hub's own blocks: opening, gap, and cursors with heartbeats
 */
public record Subscription(
        List<TopicSelector> selectors, List<TopicSelector> grants, Optional<String> lastEventId, boolean signals) {

    public Subscription {
        selectors = List.copyOf(selectors);
        grants = List.copyOf(grants);
    }
}
