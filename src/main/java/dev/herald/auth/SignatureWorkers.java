package dev.herald.auth;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that check signatures by public keys. At most half of the cores, so that strangers' tokens never take all of the
 * machine; none while there is nothing to check.
 */
final class SignatureWorkers implements Executor {
    private static final int MAX_WAITING = 1_000;
    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    SignatureWorkers() {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), this::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "herald-tokens-" + made.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** @throws RejectedExecutionException if as many wait as may, or it is closed */
    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** What waits is still done. */
    void close() {
        threads.shutdown();
    }
}
