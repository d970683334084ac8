package dev.herald.hub;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.selector.TopicSelector;

/**
 * Port to which a {@link Hub} reports the subscriptions that begin and end. Called on the threads of the lanes, which it
 * must not block; for one stream always on the same one, the beginning first.
 */
public interface SubscriptionListener {
    /** No listener: streams get no identifier. */
    SubscriptionListener NONE = new SubscriptionListener() {
        @Override
        public void subscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload) {
            // Nothing is recorded.
        }

        @Override
        public void unsubscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload) {
            // Nothing is recorded.
        }
    };

    /**
     * A stream has begun. A failure ends the stream, and {@link #unsubscribed} follows.
     *
     * @param subscriber the hub's identifier of the stream
     * @param selectors what it subscribed to
     * @param payload what the subscriber's token contains about it, as JSON
     */
    void subscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload);

    /**
     * The stream has ended. The arguments are those of {@link #subscribed}, all of whose effects must be undone, even if it
     * failed in the middle.
     *
     * @throws RuntimeException if one of the subscriptions could not be removed; the others are
     */
    void unsubscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload);
}
