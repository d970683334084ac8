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
 * Reader of log pages for all lanes, bounded by pages in flight and by their heap bytes, however many subscribers catch
 * up: one event may be as large as thousands of others. Waiting requests are served in FIFO order. Thread-safe.
 *
 * <p>Requests for the same page share one read while the page waits, is read, or is written. Clients that reconnect
 * together, such as after a restart, request the same pages.
 */
final class PageReader {
    /** Size at which a page ends, after the current event, in bytes. */
    static final int PAGE_BYTES = 32 << 10;

    /** Maximum pages between the log and the sockets. */
    static final int PAGES_IN_FLIGHT = 256;

    /** Maximum concurrent reads: the size of a page is known only after its read. */
    private static final int READS_AT_ONCE = 3;

    private final EventLog log;
    private final MemoryBudget budget;
    private final AtomicInteger reads = new AtomicInteger(READS_AT_ONCE);
    private final AtomicBoolean serving = new AtomicBoolean();

    /** Estimated heap size of the next page, in bytes, from the previous pages. */
    private volatile long expected = PAGE_BYTES;

    private final AtomicInteger free;
    private final Map<Wanted, Reading> readings = new ConcurrentHashMap<>();
    private final Queue<Reading> waiting = new ConcurrentLinkedQueue<>();

    /** @param budget heap for the pages in flight of this reader alone */
    PageReader(EventLog log, MemoryBudget budget) {
        this(log, budget, PAGES_IN_FLIGHT);
    }

    /**
     * @param budget heap for the pages in flight of this reader alone
     * @param pagesInFlight maximum pages between the log and the sockets
     */
    PageReader(EventLog log, MemoryBudget budget, int pagesInFlight) {
        this.log = log;
        this.budget = budget;
        this.free = new AtomicInteger(pagesInFlight);
    }

    /**
     * Reads the page after a position, which must precede the log's head.
     *
     * @param reader receives the page or the failure, on this thread, on one of the log, or on one that released
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
            // Other requests that share this read must fail, too.
            mine.page.completeExceptionally(e);
            share.run();
            throw e;
        }
    }

    /** Passes the page to its reader; releases it if that throws. */
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

    /** Starts ready reads, one thread at a time; the same loop starts those that become ready meanwhile. */
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

    /** Receiver of a page. */
    @FunctionalInterface
    interface Reader {
        /**
         * Receives the page or the failure; one of the two is null.
         *
         * @param giveBack releases the page; run once, on any thread, after the page was written or dropped, and after
         *     a failure
         */
        void read(Page page, Throwable failure, Runnable giveBack);
    }

    /** One reader's reference to a shared page, released once. */
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

    /** Reference-counted page, from its first request to its last release. */
    private static final class Reading {
        final Wanted wanted;
        final CompletableFuture<Page> page = new CompletableFuture<>();
        /** Reserved bytes: the estimate, then the actual size. Final before the page completes. */
        private long heapBytes;
        /** Whether it is one of the pages in flight. */
        private volatile boolean served;
        /** Reference count, guarded by the map's compute. */
        private int takers;

        Reading(Wanted wanted) {
            this.wanted = wanted;
        }

        Reading taken() {
            takers++;
            return this;
        }

        /** Returns null after the last release. */
        Reading givenBack() {
            takers--;
            return takers == 0 ? null : this;
        }
    }
}
