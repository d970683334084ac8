package dev.herald.hub;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

import org.jboss.logging.Logger;

import dev.herald.memory.MemoryBudget;

/**
 * Bound of the streams of this node, by number and by what they occupy in the heap: a stream keeps its selectors, grants
 * and identifiers for as long as its client likes. Thread-safe; streams that come at the same moment may exceed the two
 * configured bounds by as many as there are lanes.
 */
final class Admission {
    private static final long WARN_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Logger LOG = Logger.getLogger(Admission.class);

    private final int maxSubscribers;
    private final long maxSelectorBytes;
    private final MemoryBudget budget;
    private final AtomicLong warnAt = new AtomicLong(System.nanoTime());

    /** @param budget heap for all streams */
    Admission(SseConfig config, MemoryBudget budget) {
        this.maxSubscribers = config.maxSubscribers();
        this.maxSelectorBytes = config.maxSelectorBytes().asLongValue();
        this.budget = budget;
    }

    /** Whether the configured bounds have room beside what the lanes have. Warns the operator when they have none. */
    boolean admits(Subscription next, Collection<Lane> lanes) {
        long subscribers = 1;
        long selectorBytes = next.selectorBytes();
        for (Lane lane : lanes) {
            subscribers += lane.size();
            selectorBytes += lane.selectorBytes();
        }
        if (subscribers > maxSubscribers || selectorBytes > maxSelectorBytes) {
            warn("with it this node would exceed herald.sse.max-subscribers or herald.sse.max-selector-bytes", lanes);
            return false;
        }
        return true;
    }

    /** Whether the heap has room. Warns the operator when it has none. */
    boolean fits(Subscription next, Collection<Lane> lanes) {
        boolean fits = budget.hasRoom(next.heapBytes());
        if (!fits) {
            warnOfHeap(lanes);
        }
        return fits;
    }

    /** Warns the operator that the heap has no room for a stream. */
    void warnOfHeap(Collection<Lane> lanes) {
        warn("the heap has no room for it, raise -Xmx or the memory of the container", lanes);
    }

    /** Reserves heap for a stream that is open. */
    void reserve(long heapBytes) {
        budget.reserve(heapBytes);
    }

    /** Returns what was reserved. */
    void release(long heapBytes) {
        budget.release(heapBytes);
    }

    /** Once a minute at most. */
    private void warn(String reason, Collection<Lane> lanes) {
        long now = System.nanoTime();
        long due = warnAt.get();
        if (now - due >= 0 && warnAt.compareAndSet(due, now + WARN_AGAIN_NANOS)) {
            LOG.warnf(
                    "A stream was rejected and is to come back later: %s. subscribers=%d selectorBytes=%d heapBytes=%d"
                            + " heapLimit=%d",
                    reason,
                    lanes.stream().mapToInt(Lane::size).sum(),
                    lanes.stream().mapToLong(Lane::selectorBytes).sum(),
                    budget.reserved(),
                    budget.limit());
        }
    }
}
