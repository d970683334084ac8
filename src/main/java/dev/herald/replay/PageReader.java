package dev.herald.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.herald.event.Event;
import dev.herald.log.EventLog;
import dev.herald.log.Page;
import dev.herald.log.TopicSnapshot;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.PageStats;

/**
 * Reader of log pages for all lanes, bounded by pages in flight and by their heap bytes, however many subscribers catch
 * up. Both bounds are needed, since one event may be as large as thousands of others. Waiting requests are served in
 * FIFO order. Thread-safe.
 *
 * <p>Requests for the same page share one read while the page waits, is read, or is written. Clients that reconnect
 * together, such as after a restart, request the same pages.
 */
public final class PageReader {
    /** Size at which a page ends, after the current event, in bytes. */
    public static final int PAGE_BYTES = 32 << 10;

    /** Maximum pages between the log and the sockets. */
    public static final int PAGES_IN_FLIGHT = 256;

    /** Maximum concurrent reads: the size of a page is known only after its read. */
    private static final int MAX_CONCURRENT_READS = 3;

    private final EventLog log;
    private final MemoryBudget budget;
    private final AtomicInteger freeReads = new AtomicInteger(MAX_CONCURRENT_READS);
    private final AtomicBoolean starting = new AtomicBoolean();

    /** Estimated heap size of the next page, in bytes, from the previous pages. */
    private volatile long expectedBytes = PAGE_BYTES;

    private final int maxPages;
    private final AtomicInteger freePages;
    private final AtomicLong pagesRead = new AtomicLong();
    private final AtomicLong pagesFailed = new AtomicLong();
    private final Map<PageKey, SharedPage> pages = new ConcurrentHashMap<>();
    private final Queue<SharedPage> queue = new ConcurrentLinkedQueue<>();

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
        this.maxPages = pagesInFlight;
        this.freePages = new AtomicInteger(pagesInFlight);
    }

    /** Counters of the pages. Costs O(waiting pages). */
    public PageStats stats() {
        return new PageStats(maxPages - freePages.get(), maxPages, queue.size(), pagesRead.get(), pagesFailed.get());
    }

    /**
     * Reads the page after a position, which must precede the log's head, or the end of the snapshot.
     *
     * @param snapshot of whose events the page is; else it is of the log's
     * @param receiver receives the page or the failure, on this thread, on one of the log, or on one that released
     *     another page
     */
    public void read(long after, List<TopicSelector> selectors, Optional<TopicSnapshot> snapshot, Receiver receiver) {
        SharedPage created = new SharedPage(new PageKey(after, selectors, snapshot));
        Reference reference = new Reference();
        reference.sharedPage = pages.compute(created.key, (key, found) -> (found == null ? created : found).retain());
        try {
            if (reference.sharedPage == created) {
                queue.add(created);
                startReadyReads();
            }
            reference.sharedPage.content.whenComplete((page, failure) -> deliver(reference, page, failure, receiver));
        } catch (Throwable e) {
            // Other requests that share this read must fail, too.
            created.content.completeExceptionally(e);
            reference.run();
            throw e;
        }
    }

    /** Passes the page to its receiver; releases it if that throws. */
    private static void deliver(Reference reference, Page page, Throwable failure, Receiver receiver) {
        boolean delivered = false;
        try {
            receiver.receive(page, failure, reference);
            delivered = true;
        } finally {
            if (!delivered) {
                reference.run();
            }
        }
    }

    private void release(SharedPage sharedPage) {
        if (pages.compute(sharedPage.key, (key, found) -> sharedPage.release()) == null && sharedPage.inFlight) {
            budget.release(sharedPage.heapBytes);
            freePages.incrementAndGet();
            startReadyReads();
        }
    }

    /** Starts ready reads, one thread at a time; the same loop starts those that become ready meanwhile. */
    private void startReadyReads() {
        while (ready() && starting.compareAndSet(false, true)) {
            try {
                startReads();
            } finally {
                starting.set(false);
            }
        }
    }

    private boolean ready() {
        return !queue.isEmpty() && freePages.get() > 0 && freeReads.get() > 0 && budget.hasRoom(expectedBytes);
    }

    private void startReads() {
        while (ready()) {
            SharedPage sharedPage = queue.remove();
            if (!sharedPage.content.isDone()) {
                freePages.decrementAndGet();
                freeReads.decrementAndGet();
                sharedPage.heapBytes = expectedBytes;
                budget.reserve(sharedPage.heapBytes);
                sharedPage.inFlight = true;
                read(sharedPage);
            }
        }
    }

    private void read(SharedPage sharedPage) {
        try {
            sharedPage.key.read(log).whenComplete((page, failure) -> complete(sharedPage, page, failure));
        } catch (Throwable e) {
            complete(sharedPage, null, e);
        }
    }

    private void complete(SharedPage sharedPage, Page page, Throwable failure) {
        freeReads.incrementAndGet();
        (failure == null ? pagesRead : pagesFailed).incrementAndGet();
        try {
            if (failure == null) {
                long heapBytes =
                        page.events().stream().mapToLong(Event::heapBytes).sum();
                budget.reserve(heapBytes - sharedPage.heapBytes);
                sharedPage.heapBytes = heapBytes;
                expectedBytes = Math.max(PAGE_BYTES, Math.max(heapBytes, expectedBytes / 2));
                sharedPage.content.complete(page);
            } else {
                sharedPage.content.completeExceptionally(failure);
            }
        } catch (Throwable e) {
            // The streams that share this read would otherwise wait for ever.
            sharedPage.content.completeExceptionally(e);
        } finally {
            startReadyReads();
        }
    }

    /** Receiver of a page. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Receives the page or the failure; one of the two is null.
         *
         * @param release releases the page; run once, on any thread, after the page was written or dropped, and after
         *     a failure
         */
        void receive(Page page, Throwable failure, Runnable release);
    }

    /** One reader's reference to a shared page, released once. */
    private final class Reference implements Runnable {
        private final AtomicBoolean released = new AtomicBoolean();
        private SharedPage sharedPage;

        @Override
        public void run() {
            if (released.compareAndSet(false, true)) {
                release(sharedPage);
            }
        }
    }

    /** Pages of one snapshot are equal, those of two equal ones are not: that would cost a comparison of all positions. */
    private record PageKey(long after, List<TopicSelector> selectors, Optional<TopicSnapshot> snapshot) {
        CompletionStage<Page> read(EventLog log) {
            return snapshot.isPresent()
                    ? log.read(snapshot.get(), after, selectors, PAGE_BYTES)
                    : log.read(after, selectors, PAGE_BYTES);
        }
    }

    /** Reference-counted page, from its first request to its last release. */
    private static final class SharedPage {
        final PageKey key;
        final CompletableFuture<Page> content = new CompletableFuture<>();
        /** Reserved bytes: the estimate, then the actual size. Final before the page completes. */
        private long heapBytes;
        /** Whether it is one of the pages in flight. */
        private volatile boolean inFlight;
        /** Reference count, guarded by the map's compute. */
        private int references;

        SharedPage(PageKey key) {
            this.key = key;
        }

        SharedPage retain() {
            references++;
            return this;
        }

        /** Returns null after the last release. */
        SharedPage release() {
            references--;
            return references == 0 ? null : this;
        }
    }
}
