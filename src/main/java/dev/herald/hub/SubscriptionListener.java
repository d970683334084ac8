package dev.herald.hub;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.selector.TopicSelector;

/**
 * Port that receives the begin and end of each subscription of a {@link Hub}. Called on the lanes' threads, which it
 * must not block; for one stream always on the same thread, the begin first.
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
     * Reports the begin of a stream. A failure ends the stream, and {@link #unsubscribed} follows.
     *
     * @param subscriber the hub's identifier of the stream
     * @param selectors its selectors
     * @param payload JSON about the subscriber from its token
     */
    void subscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload);

    /**
     * Reports the end of a stream, with the arguments of {@link #subscribed}. All effects of that call must be undone,
     * even if it failed halfway.
     *
     * @throws RuntimeException if one of the subscriptions could not be removed; the others are
     */
    void unsubscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload);
}
