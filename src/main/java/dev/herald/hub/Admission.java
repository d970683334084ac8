package dev.herald.hub;

import java.util.Optional;

import org.jboss.logging.Logger;

import dev.herald.logging.MinuteLog;
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
    private final MinuteLog<String> rejected = new MinuteLog<>(this::report);

    /** As of the newest rejection. */
    private volatile Usage newest = new Usage(0, 0);

    /** @param budget heap for all streams */
    Admission(SseConfig config, MemoryBudget budget) {
        this.maxSubscribers = config.maxSubscribers();
        this.maxSelectorBytes = config.maxSelectorBytes().asLongValue();
        this.budget = budget;
    }

    /** Why one more stream would exceed the configured limits; empty if it does not. Counts a rejection for the log if it would. */
    Optional<EndNotice> rejection(Subscription next, Usage usage) {
        boolean tooMany = usage.subscribers() + 1L > maxSubscribers;
        if (!tooMany && usage.selectorBytes() + next.selectorBytes() <= maxSelectorBytes) {
            return Optional.empty();
        }
        warn("with it this node would exceed herald.sse.max-subscribers or herald.sse.max-selector-bytes", usage);
        return Optional.of(tooMany ? EndNotice.FULL : EndNotice.OVERLOADED);
    }

    /** Whether the heap has room. Counts a rejection for the log if not. */
    boolean fits(Subscription next, Usage usage) {
        boolean fits = budget.hasRoom(next.heapBytes());
        if (!fits) {
            warnOfHeap(usage);
        }
        return fits;
    }

    /** Counts, for the log, a stream for which the heap has no room. */
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
        newest = usage;
        rejected.record(reason);
    }

    /** A warning when rejecting begins; then a line a minute with the count, for as long as it lasts. */
    private void report(String reason, long count, boolean first) {
        Usage usage = newest;
        LOG.logf(
                first ? Logger.Level.WARN : Logger.Level.INFO,
                "A stream was rejected with a time to reconnect: %s. count=%d subscribers=%d selectorBytes=%d"
                        + " heapBytes=%d heapLimit=%d",
                reason,
                count,
                usage.subscribers(),
                usage.selectorBytes(),
                budget.reserved(),
                budget.limit());
    }

    /**
     * Usage of this node by its open streams.
     *
     * @param subscribers number of streams
     * @param selectorBytes sum of {@link Subscription#selectorBytes}
     */
    record Usage(int subscribers, long selectorBytes) {}
}
