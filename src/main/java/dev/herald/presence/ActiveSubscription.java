package dev.herald.presence;

import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * One selector that one open stream listens to (PROTOCOL M40). Ordered by selector, then by subscriber.
 *
 * @param selector as the subscriber wrote it
 * @param subscriber the hub's name for the stream, one a connection (PROTOCOL M43)
 * @param payload what the subscriber's token says of it, as JSON
 */
public record ActiveSubscription(String selector, UUID subscriber, Optional<String> payload)
        implements Comparable<ActiveSubscription> {
    private static final Comparator<ActiveSubscription> ORDER =
            Comparator.comparing(ActiveSubscription::selector).thenComparing(ActiveSubscription::subscriber);

    /** Before all of the selector: no stream has this name. */
    static ActiveSubscription first(String selector) {
        return new ActiveSubscription(selector, new UUID(Long.MIN_VALUE, Long.MIN_VALUE), Optional.empty());
    }

    /** After all of the selector: no stream has this name. */
    static ActiveSubscription last(String selector) {
        return new ActiveSubscription(selector, new UUID(Long.MAX_VALUE, Long.MAX_VALUE), Optional.empty());
    }

    @Override
    public int compareTo(ActiveSubscription other) {
        return ORDER.compare(this, other);
    }
}
