package dev.herald.hub;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.herald.event.TopicSelector;
import dev.herald.log.EventLog;
import dev.herald.log.Page;

/**
 * Reads pages of the log for all lanes, so many at a time: the node's budget of page bytes in flight, however many
 * subscribers catch up at once. Pages that must wait are read in the order of asking. Thread-safe.
 *
 * <p>A page is read once for all who want it while it is waited for, read, or being written: those who come back together,
 * say after a restart, ask for the same.
 */
final class PageReader {
    /** A page ends after the event that reaches this size, in bytes. */
    static final int PAGE_BYTES = 32 << 10;

    /** Pages between the log and the sockets at any time. */
    static final int PAGES_IN_FLIGHT = 256;

    private final EventLog log;
    private final AtomicInteger free;
    private final Map<Wanted, Reading> readings = new ConcurrentHashMap<>();
    private final Queue<Reading> waiting = new ConcurrentLinkedQueue<>();

    PageReader(EventLog log) {
        this(log, PAGES_IN_FLIGHT);
    }

    /** @param pagesInFlight pages between the log and the sockets at any time */
    PageReader(EventLog log, int pagesInFlight) {
        this.log = log;
        this.free = new AtomicInteger(pagesInFlight);
    }

    /**
     * Reads the page after a position, behind which the log must have something.
     *
     * @param reader is given the page, or the failure: on this thread, on one of the log, or on that of whoever gave back
     *     another page
     */
    void read(long after, List<TopicSelector> selectors, Reader reader) {
        Reading mine = new Reading(new Wanted(after, selectors));
        Reading reading = readings.compute(mine.wanted, (wanted, found) -> (found == null ? mine : found).taken());
        if (reading == mine) {
            waiting.add(mine);
            serve();
        }
        reading.page.whenComplete((page, failure) -> reader.read(page, failure, () -> giveBack(reading)));
    }

    private void giveBack(Reading reading) {
        if (readings.compute(reading.wanted, (wanted, found) -> reading.givenBack()) == null) {
            free.incrementAndGet();
            serve();
        }
    }

    private void serve() {
        while (!waiting.isEmpty() && take()) {
            Reading reading = waiting.poll();
            if (reading == null) {
                free.incrementAndGet();
            } else {
                read(reading);
            }
        }
    }

    private void read(Reading reading) {
        page(reading.wanted).whenComplete((page, failure) -> {
            if (failure == null) {
                reading.page.complete(page);
            } else {
                reading.page.completeExceptionally(failure);
            }
        });
    }

    private CompletionStage<Page> page(Wanted wanted) {
        try {
            return log.read(wanted.after, wanted.selectors, PAGE_BYTES);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private boolean take() {
        return free.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0;
    }

    /** Where a page goes. */
    @FunctionalInterface
    interface Reader {
        /**
         * Takes the page or the failure; one of the two is null.
         *
         * @param giveBack to be run once, on any thread, after the page has been written or dropped, and after a failure
         */
        void read(Page page, Throwable failure, Runnable giveBack);
    }

    private record Wanted(long after, List<TopicSelector> selectors) {}

    /** A page from when the first asks for it until the last gives it back. */
    private static final class Reading {
        final Wanted wanted;
        final CompletableFuture<Page> page = new CompletableFuture<>();
        /** Changes only while the map computes. */
        private int takers;

        Reading(Wanted wanted) {
            this.wanted = wanted;
        }

        Reading taken() {
            takers++;
            return this;
        }

        /** Returns null when nobody has it any more. */
        Reading givenBack() {
            takers--;
            return takers == 0 ? null : this;
        }
    }
}
