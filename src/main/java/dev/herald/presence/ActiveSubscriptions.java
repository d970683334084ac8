package dev.herald.presence;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

import dev.herald.hub.SubscriptionListener;
import dev.herald.selector.TopicSelector;

/**
 * Set of the active subscriptions of this node (PROTOCOL M40–M43). Thread-safe and lock-free: lanes write, and readers
 * get a weakly consistent view. A subscription occupies some 100 bytes and costs O(log n) to begin and end.
 */
public final class ActiveSubscriptions implements SubscriptionListener {
    /** Disabled set: records nothing. */
    public static final ActiveSubscriptions DISABLED = new ActiveSubscriptions(false, (subscription, active) -> {});

    private final NavigableSet<ActiveSubscription> active = new ConcurrentSkipListSet<>();
    private final boolean enabled;
    private final Listener listener;
    private volatile boolean suspended;

    private ActiveSubscriptions(boolean enabled, Listener listener) {
        this.enabled = enabled;
        this.listener = listener;
    }

    /** A readable set that reports no changes. */
    public static ActiveSubscriptions withoutListener() {
        return new ActiveSubscriptions(true, (subscription, active) -> {});
    }

    /** A readable set that reports each change to a listener, on the lane's thread, right after the change. */
    public static ActiveSubscriptions withListener(Listener listener) {
        return new ActiveSubscriptions(true, listener);
    }

    @Override
    public void subscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload) {
        if (!enabled || suspended) {
            return;
        }
        for (TopicSelector selector : selectors) {
            ActiveSubscription subscription = new ActiveSubscription(selector.text(), subscriber, payload);
            active.add(subscription);
            listener.changed(subscription, true);
        }
    }

    @Override
    public void unsubscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload) {
        Throwable failure = null;
        for (TopicSelector selector : selectors) {
            try {
                remove(new ActiveSubscription(selector.text(), subscriber, payload));
            } catch (Throwable e) {
                // The others must still be removed.
                failure = e;
            }
        }
        if (failure != null) {
            throw new IllegalStateException("A subscription that has ended could not be removed.", failure);
        }
    }

    private void remove(ActiveSubscription subscription) {
        if (active.remove(subscription)) {
            listener.changed(subscription, false);
        }
    }

    /** Suspends or resumes the recording of new subscriptions, as during the node's own self-check. */
    public void suspend(boolean suspend) {
        suspended = suspend;
    }

    /** Whether subscriptions are recorded. */
    public boolean enabled() {
        return enabled;
    }

    /** Number of changes that the listener has dropped. */
    public long dropped() {
        return listener.dropped();
    }

    /** Live view of all subscriptions, by selector. */
    public Collection<ActiveSubscription> all() {
        return Collections.unmodifiableSet(active);
    }

    /** Live view of the subscriptions with exactly this selector. */
    public Collection<ActiveSubscription> of(String selector) {
        return Collections.unmodifiableSet(
                active.subSet(ActiveSubscription.first(selector), ActiveSubscription.last(selector)));
    }

    /** Number of distinct selectors; empty if none are recorded. Costs O(log n) for each. */
    public OptionalLong selectors() {
        long count = 0;
        for (ActiveSubscription next = active.ceiling(ActiveSubscription.first(""));
                next != null;
                next = active.higher(ActiveSubscription.last(next.selector()))) {
            count++;
        }
        return enabled ? OptionalLong.of(count) : OptionalLong.empty();
    }

    /** Subscription with this selector and subscriber. */
    public Optional<ActiveSubscription> find(String selector, UUID subscriber) {
        ActiveSubscription wanted = new ActiveSubscription(selector, subscriber, Optional.empty());
        return Optional.ofNullable(active.ceiling(wanted)).filter(found -> found.compareTo(wanted) == 0);
    }

    /** Receiver of changes. Called on several threads, which it must not block. */
    @FunctionalInterface
    public interface Listener {
        /** @param active whether the subscription has begun, else it has ended */
        void changed(ActiveSubscription subscription, boolean active);

        /** Changes that were not passed on. */
        default long dropped() {
            return 0;
        }
    }
}
