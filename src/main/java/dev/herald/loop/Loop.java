package dev.herald.loop;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * An event loop as a lane uses it. Takes tasks from any thread; drops them once the loop has ended, since its connections
 * have ended with it.
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

    /** Runs the task after what waits for the loop. */
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The event loop has ended, and its connections with it.");
        }
    }

    /**
     * Runs the task when the loop has served its sockets: a task that brings another one by {@link #execute(Runnable)} keeps
     * it from them for up to 64 of these.
     */
    public void afterSockets(Runnable task) {
        try {
            executor.schedule(task, 0, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The event loop has ended, and its connections with it.");
        }
    }

    /** Runs the task again and again; one that throws is not run again. */
    public Future<?> every(long nanos, Runnable task) {
        return executor.scheduleAtFixedRate(task, nanos, nanos, TimeUnit.NANOSECONDS);
    }
}
