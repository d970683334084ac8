package dev.herald.hub;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

import com.github.f4b6a3.uuid.UuidCreator;

import dev.herald.event.TopicSelector;

/**
 * Who listens to what on this node (PROTOCOL M40–M43). Thread-safe without a lock: lanes write, and whoever reads sees a
 * state that may be changing, and stops nobody. A subscription costs some 100 bytes here, and O(log n) to begin and end.
 */
public final class Presence {
    /** Nobody asks who listens. */
    public static final Presence UNKNOWN = new Presence(false, (subscription, active) -> {});

    private final NavigableSet<ActiveSubscription> active = new ConcurrentSkipListSet<>();
    private final boolean known;
    private final Listener listener;
    private volatile boolean muted;

    private Presence(boolean known, Listener listener) {
        this.known = known;
        this.listener = listener;
    }

    /** A presence that nobody is told of, but can be asked for. */
    public static Presence silent() {
        return new Presence(true, (subscription, active) -> {});
    }

    /** A presence whose every change is told, by the lane's thread, right after it was made. */
    public static Presence telling(Listener listener) {
        return new Presence(true, listener);
    }

    /** The subscriber is listening now. */
    void started(Subscriber subscriber) {
        if (known && !muted) {
            // Versions 4 and 7 both would do; this one tells when it began.
            subscriber.name = UuidCreator.getTimeOrderedEpoch();
            for (TopicSelector selector : subscriber.selectors) {
                ActiveSubscription subscription = of(subscriber, selector);
                active.add(subscription);
                listener.changed(subscription, true);
            }
        }
    }

    /** The subscriber has stopped listening, if it had begun. */
    void ended(Subscriber subscriber) {
        if (subscriber.name != null) {
            Throwable failure = null;
            for (TopicSelector selector : subscriber.selectors) {
                try {
                    ended(subscriber, selector);
                } catch (Throwable e) {
                    // The others would stay for ever.
                    failure = e;
                }
            }
            if (failure != null) {
                throw new IllegalStateException("A subscription that has ended could not be removed.", failure);
            }
        }
    }

    private void ended(Subscriber subscriber, TopicSelector selector) {
        ActiveSubscription subscription = of(subscriber, selector);
        if (active.remove(subscription)) {
            listener.changed(subscription, false);
        }
    }

    private static ActiveSubscription of(Subscriber subscriber, TopicSelector selector) {
        return new ActiveSubscription(selector.text(), subscriber.name, subscriber.payload);
    }

    /** Whether subscriptions that begin now stay unknown, as those of the node's own self-check. */
    public void mute(boolean now) {
        muted = now;
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

    /** Is told of changes. Called by several threads, which it may not block. */
    @FunctionalInterface
    public interface Listener {
        /** @param active whether the subscription has begun, else it has ended */
        void changed(ActiveSubscription subscription, boolean active);
    }
}
