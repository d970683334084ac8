package dev.herald.web.history;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

/**
 * Threads that select and encode past events: one for each four processors, and one at least. So history delays no event
 * loop, and leaves most processors to live delivery. A request has at most one step here, so the queue is bounded by the
 * open requests. Thread-safe.
 */
@Singleton
public class HistoryThreads implements Executor {
    private static final int PROCESSORS_A_THREAD = 4;

    private final ThreadPoolExecutor threads;

    HistoryThreads() {
        int size = Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_A_THREAD);
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "herald-history-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        // Now: they must exist when descriptors or memory are exhausted.
        threads.prestartAllCoreThreads();
    }

    /** Enqueues a step. Throws if the hub is closed. */
    @Override
    public void execute(Runnable step) {
        threads.execute(step);
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
