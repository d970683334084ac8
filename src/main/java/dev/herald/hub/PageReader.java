package dev.herald.hub;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.herald.event.Event;
import dev.herald.log.EventLog;
import dev.herald.log.Page;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

/**
 * Reader of log pages for all lanes, bounded by the number of pages in flight and by what they occupy in the heap, however
 * many subscribers catch up at once: one event may be as large as thousands of others. Pages that must wait are read in
 * the order of asking. Thread-safe.
 *
 * <p>A page is read once for all who want it while it is waited for, read, or being written: those who come back together,
 * say after a restart, ask for the same.
 */
final class PageReader {
    /** A page ends after the event that reaches this size, in bytes. */
    static final int PAGE_BYTES = 32 << 10;

    /** Pages between the log and the sockets at any time. */
    static final int PAGES_IN_FLIGHT = 256;

    /** Reads at any time: the size of a page is known only when it has been read. */
    private static final int READS_AT_ONCE = 3;

    private final EventLog log;
    private final MemoryBudget budget;
    private final AtomicInteger reads = new AtomicInteger(READS_AT_ONCE);
    private final AtomicBoolean serving = new AtomicBoolean();

    /** Estimated heap size of the next page, in bytes, by the pages before it. */
    private volatile long expected = PAGE_BYTES;

    private final AtomicInteger free;
    private final Map<Wanted, Reading> readings = new ConcurrentHashMap<>();
    private final Queue<Reading> waiting = new ConcurrentLinkedQueue<>();

    /** @param budget heap for all pages in flight, of this reader alone */
    PageReader(EventLog log, MemoryBudget budget) {
        this(log, budget, PAGES_IN_FLIGHT);
    }

    /**
     * @param budget heap for all pages in flight, of this reader alone
     * @param pagesInFlight pages between the log and the sockets at any time
     */
    PageReader(EventLog log, MemoryBudget budget, int pagesInFlight) {
        this.log = log;
        this.budget = budget;
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
        Share share = new Share();
        share.reading = readings.compute(mine.wanted, (wanted, found) -> (found == null ? mine : found).taken());
        try {
            if (share.reading == mine) {
                waiting.add(mine);
                serve();
            }
            share.reading.page.whenComplete((page, failure) -> hand(share, page, failure, reader));
        } catch (Throwable e) {
            // Nobody else reads it for those who have asked for it meanwhile.
            mine.page.completeExceptionally(e);
            share.run();
            throw e;
        }
    }

    /** A reader that fails with its page must not keep it. */
    private static void hand(Share share, Page page, Throwable failure, Reader reader) {
        boolean handed = false;
        try {
            reader.read(page, failure, share);
            handed = true;
        } finally {
            if (!handed) {
                share.run();
            }
        }
    }

    private void giveBack(Reading reading) {
        if (readings.compute(reading.wanted, (wanted, found) -> reading.givenBack()) == null && reading.served) {
            budget.release(reading.heapBytes);
            free.incrementAndGet();
            serve();
        }
    }

    /** One thread at a time starts reads; what another thread finds ready meanwhile, the same loop starts. */
    private void serve() {
        while (ready() && serving.compareAndSet(false, true)) {
            try {
                startReads();
            } finally {
                serving.set(false);
            }
        }
    }

    private boolean ready() {
        return !waiting.isEmpty() && free.get() > 0 && reads.get() > 0 && budget.hasRoom(expected);
    }

    private void startReads() {
        while (ready()) {
            Reading reading = waiting.remove();
            if (!reading.page.isDone()) {
                free.decrementAndGet();
                reads.decrementAndGet();
                reading.heapBytes = expected;
                budget.reserve(reading.heapBytes);
                reading.served = true;
                read(reading);
            }
        }
    }

    private void read(Reading reading) {
        try {
            log.read(reading.wanted.after, reading.wanted.selectors, PAGE_BYTES)
                    .whenComplete((page, failure) -> end(reading, page, failure));
        } catch (Throwable e) {
            end(reading, null, e);
        }
    }

    private void end(Reading reading, Page page, Throwable failure) {
        reads.incrementAndGet();
        try {
            if (failure == null) {
                long heapBytes =
                        page.events().stream().mapToLong(Event::heapBytes).sum();
                budget.reserve(heapBytes - reading.heapBytes);
                reading.heapBytes = heapBytes;
                expected = Math.max(PAGE_BYTES, Math.max(heapBytes, expected / 2));
                reading.page.complete(page);
            } else {
                reading.page.completeExceptionally(failure);
            }
        } finally {
            serve();
        }
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

    /** One reader's part of a page, given back once. */
    private final class Share implements Runnable {
        private final AtomicBoolean given = new AtomicBoolean();
        private Reading reading;

        @Override
        public void run() {
            if (given.compareAndSet(false, true)) {
                giveBack(reading);
            }
        }
    }

    private record Wanted(long after, List<TopicSelector> selectors) {}

    /** A page from when the first asks for it until the last gives it back. */
    private static final class Reading {
        final Wanted wanted;
        final CompletableFuture<Page> page = new CompletableFuture<>();
        /** What the page has reserved: what is expected of it, then what it occupies. Settled before it is complete. */
        private long heapBytes;
        /** Whether it has taken one of the places for pages in flight. */
        private volatile boolean served;
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
