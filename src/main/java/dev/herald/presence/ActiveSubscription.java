package dev.herald.presence;

import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * Active subscription: one selector of one open stream (PROTOCOL M40). Ordered by selector, then by subscriber.
 *
 * @param selector as the subscriber wrote it
 * @param subscriber the hub's identifier of the stream, one a connection (PROTOCOL M43)
 * @param payload JSON about the subscriber from its token
 */
public record ActiveSubscription(String selector, UUID subscriber, Optional<String> payload)
        implements Comparable<ActiveSubscription> {
    private static final Comparator<ActiveSubscription> ORDER =
            Comparator.comparing(ActiveSubscription::selector).thenComparing(ActiveSubscription::subscriber);

    /** Lower bound of the selector's subscriptions: no stream has this identifier. */
    static ActiveSubscription first(String selector) {
        return new ActiveSubscription(selector, new UUID(Long.MIN_VALUE, Long.MIN_VALUE), Optional.empty());
    }

    /** Upper bound of the selector's subscriptions: no stream has this identifier. */
    static ActiveSubscription last(String selector) {
        return new ActiveSubscription(selector, new UUID(Long.MAX_VALUE, Long.MAX_VALUE), Optional.empty());
    }

    @Override
    public int compareTo(ActiveSubscription other) {
        return ORDER.compare(this, other);
    }
}
