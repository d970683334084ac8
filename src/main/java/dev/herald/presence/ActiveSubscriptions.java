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
 * Set of the active subscriptions of this node (PROTOCOL M40–M43). Thread-safe without a lock: lanes write, and readers
 * see a state that may be changing. A subscription occupies some 100 bytes and costs O(log n) to begin and end.
 */
public final class ActiveSubscriptions implements SubscriptionListener {
    /** Records nothing. */
    public static final ActiveSubscriptions UNKNOWN = new ActiveSubscriptions(false, (subscription, active) -> {});

    private final NavigableSet<ActiveSubscription> active = new ConcurrentSkipListSet<>();
    private final boolean known;
    private final Listener listener;
    private volatile boolean muted;

    private ActiveSubscriptions(boolean known, Listener listener) {
        this.known = known;
        this.listener = listener;
    }

    /** Subscriptions that can be read, and whose changes are not published. */
    public static ActiveSubscriptions silent() {
        return new ActiveSubscriptions(true, (subscription, active) -> {});
    }

    /** Subscriptions whose every change is given to a listener, on the lane's thread, right after it was made. */
    public static ActiveSubscriptions publishing(Listener listener) {
        return new ActiveSubscriptions(true, listener);
    }

    @Override
    public void subscribed(UUID subscriber, List<TopicSelector> selectors, Optional<String> payload) {
        if (!known || muted) {
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
                // The others would stay for ever.
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

    /** Whether subscriptions that begin now stay unknown, as those of the node's own self-check. */
    public void mute(boolean now) {
        muted = now;
    }

    /** Whether subscriptions are recorded. */
    public boolean known() {
        return known;
    }

    /** All there are, by selector; a view that follows. */
    public Collection<ActiveSubscription> all() {
        return Collections.unmodifiableSet(active);
    }

    /** Those with that very selector; a view that follows. */
    public Collection<ActiveSubscription> of(String selector) {
        return Collections.unmodifiableSet(
                active.subSet(ActiveSubscription.first(selector), ActiveSubscription.last(selector)));
    }

    /** How many different selectors there are, or nothing if nobody is entered here. Costs O(log n) for each. */
    public OptionalLong selectors() {
        long count = 0;
        for (ActiveSubscription next = active.ceiling(ActiveSubscription.first(""));
                next != null;
                next = active.higher(ActiveSubscription.last(next.selector()))) {
            count++;
        }
        return known ? OptionalLong.of(count) : OptionalLong.empty();
    }

    /** The one with that selector and subscriber. */
    public Optional<ActiveSubscription> find(String selector, UUID subscriber) {
        ActiveSubscription wanted = new ActiveSubscription(selector, subscriber, Optional.empty());
        return Optional.ofNullable(active.ceiling(wanted)).filter(found -> found.compareTo(wanted) == 0);
    }

    /** Receiver of changes. Called by several threads, which it must not block. */
    @FunctionalInterface
    public interface Listener {
        /** @param active whether the subscription has begun, else it has ended */
        void changed(ActiveSubscription subscription, boolean active);
    }
}
