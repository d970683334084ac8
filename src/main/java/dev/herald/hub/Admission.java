package dev.herald.hub;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

import org.jboss.logging.Logger;

/**
 * Whether a node takes one stream more: what a stream and its selectors hold in memory, they hold for as long as a
 * stranger likes. Thread-safe; streams that come at the same moment may exceed the bounds by as many as there are lanes.
 */
final class Admission {
    private static final long TELL_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Logger LOG = Logger.getLogger(Admission.class);

    private final int maxSubscribers;
    private final long maxSelectorBytes;
    private final AtomicLong tellAt = new AtomicLong(System.nanoTime());

    Admission(SseConfig config) {
        this.maxSubscribers = config.maxSubscribers();
        this.maxSelectorBytes = config.maxSelectorBytes().asLongValue();
    }

    /** Whether there is room beside what the lanes have. Tells the operator when there is none, once a minute at most. */
    boolean admits(Subscription next, Collection<Lane> lanes) {
        long subscribers = 1;
        long selectorBytes = Subscription.selectorBytes(next.selectors());
        for (Lane lane : lanes) {
            subscribers += lane.size();
            selectorBytes += lane.selectorBytes();
        }
        boolean admits = subscribers <= maxSubscribers && selectorBytes <= maxSelectorBytes;
        if (!admits) {
            tell(subscribers, selectorBytes);
        }
        return admits;
    }

    private void tell(long subscribers, long selectorBytes) {
        long now = System.nanoTime();
        long due = tellAt.get();
        if (now - due >= 0 && tellAt.compareAndSet(due, now + TELL_AGAIN_NANOS)) {
            LOG.warnf(
                    "A stream was told to come back later: with it there would be more than this node may serve"
                            + " (herald.sse.max-subscribers, herald.sse.max-selector-bytes). subscribers=%d"
                            + " selectorBytes=%d",
                    subscribers, selectorBytes);
        }
    }
}
