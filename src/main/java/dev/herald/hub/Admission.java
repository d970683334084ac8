package dev.herald.hub;

import org.jboss.logging.Logger;

import dev.herald.logging.WarningInterval;
import dev.herald.memory.MemoryBudget;

/**
 * Limit on the open streams of this node, by number and by the heap bytes that each occupies until it ends.
 * Thread-safe. Streams that open at the same moment may exceed the two configured limits by the number of lanes.
 */
final class Admission {
    private static final Logger LOG = Logger.getLogger(Admission.class);

    private final int maxSubscribers;
    private final long maxSelectorBytes;
    private final MemoryBudget budget;
    private final WarningInterval warnings = new WarningInterval();

    /** @param budget heap for all streams */
    Admission(SseConfig config, MemoryBudget budget) {
        this.maxSubscribers = config.maxSubscribers();
        this.maxSelectorBytes = config.maxSelectorBytes().asLongValue();
        this.budget = budget;
    }

    /** Whether one more stream stays within the configured limits. Logs a warning if not. */
    boolean admits(Subscription next, Usage usage) {
        if (usage.subscribers() + 1L > maxSubscribers
                || usage.selectorBytes() + next.selectorBytes() > maxSelectorBytes) {
            warn("with it this node would exceed herald.sse.max-subscribers or herald.sse.max-selector-bytes", usage);
            return false;
        }
        return true;
    }

    /** Whether the heap has room. Logs a warning if not. */
    boolean fits(Subscription next, Usage usage) {
        boolean fits = budget.hasRoom(next.heapBytes());
        if (!fits) {
            warnOfHeap(usage);
        }
        return fits;
    }

    /** Logs a warning that the heap has no room for a stream. */
    void warnOfHeap(Usage usage) {
        warn("the heap has no room for it, raise -Xmx or the memory of the container", usage);
    }

    void reserve(long heapBytes) {
        budget.reserve(heapBytes);
    }

    void release(long heapBytes) {
        budget.release(heapBytes);
    }

    private void warn(String reason, Usage usage) {
        if (warnings.elapsed()) {
            LOG.warnf(
                    "A stream was rejected with a time to reconnect: %s. subscribers=%d selectorBytes=%d heapBytes=%d"
                            + " heapLimit=%d",
                    reason, usage.subscribers(), usage.selectorBytes(), budget.reserved(), budget.limit());
        }
    }

    /**
     * Usage of this node by its open streams.
     *
     * @param subscribers number of streams
     * @param selectorBytes sum of {@link Subscription#selectorBytes}
     */
    record Usage(int subscribers, long selectorBytes) {}
}
