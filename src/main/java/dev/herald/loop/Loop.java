package dev.herald.loop;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Executor of an event loop. Thread-safe. Drops tasks once the loop has ended, since its connections have ended with
 * it.
 */
public final class Loop {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    private final EventExecutor executor;

    public Loop(EventExecutor executor) {
        this.executor = executor;
    }

    /** Runs the task: at once if this is the loop's thread, else soon. */
    public void run(Runnable task) {
        if (executor.inEventLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Enqueues the task on the loop. */
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The event loop has ended, and its connections with it.");
        }
    }

    /**
     * Enqueues the task after the loop's pending socket I/O. A task that enqueues itself by {@link #execute(Runnable)}
     * can delay the I/O by up to 64 runs.
     */
    public void executeAfterIo(Runnable task) {
        try {
            executor.schedule(task, 0, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The event loop has ended, and its connections with it.");
        }
    }

    /** Runs the task at a fixed rate, until it throws. */
    public Future<?> every(long nanos, Runnable task) {
        return executor.scheduleAtFixedRate(task, nanos, nanos, TimeUnit.NANOSECONDS);
    }
}
