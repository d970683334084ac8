package dev.herald.hub;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.herald.event.TopicSelector;
import dev.herald.log.EventLog;
import dev.herald.log.Page;

/**
 * Reads pages of the log for all lanes, so many at a time: the node's budget of page bytes in flight, however many
 * subscribers catch up at once. Who must wait is served in the order of asking. Thread-safe, lock-free.
 */
final class PageReader {
    /** A page ends after the event that reaches this size, in bytes. */
    static final int PAGE_BYTES = 32 << 10;

    /** Pages between the log and the sockets at any time. */
    static final int PAGES_IN_FLIGHT = 256;

    private final EventLog log;
    private final AtomicInteger free = new AtomicInteger(PAGES_IN_FLIGHT);
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

    PageReader(EventLog log) {
        this.log = log;
    }

    /**
     * Reads the page after a position.
     *
     * @param reader is given the page, or the failure, on a thread of the log or of whoever released a page; must lead
     *     to one call of {@link #release()} in either case
     */
    void read(long after, List<TopicSelector> selectors, Reader reader) {
        waiting.add(new Request(() -> log.read(after, selectors, PAGE_BYTES), reader));
        serve();
    }

    /** Gives back the room of one page, after it has been written or dropped. */
    void release() {
        free.incrementAndGet();
        serve();
    }

    private void serve() {
        while (!waiting.isEmpty() && take()) {
            Request request = waiting.poll();
            if (request == null) {
                free.incrementAndGet();
            } else {
                page(request).whenComplete(request.reader::read);
            }
        }
    }

    private static CompletionStage<Page> page(Request request) {
        try {
            return request.page.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private boolean take() {
        return free.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0;
    }

    /** Where a page goes: one of the two is null. */
    @FunctionalInterface
    interface Reader {
        void read(Page page, Throwable failure);
    }

    private record Request(Supplier<CompletionStage<Page>> page, Reader reader) {}
}
