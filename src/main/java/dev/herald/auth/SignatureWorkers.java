package dev.herald.auth;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Thread pool that verifies signatures by public keys. It has half as many threads as cores, so a flood of invalid
 * tokens never takes the whole machine. They end when idle. Thread-safe.
 */
final class SignatureWorkers implements Executor {
    static final int QUEUE_CAPACITY = 1_000;
    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger created = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    SignatureWorkers() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_CAPACITY), this::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "herald-tokens-" + created.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** @throws RejectedExecutionException if the queue is full, or after {@link #close()} */
    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Number of tokens that wait for a thread. */
    int queued() {
        return threads.getQueue().size();
    }

    /** Stops accepting work; queued work is completed. */
    void close() {
        threads.shutdown();
    }
}
