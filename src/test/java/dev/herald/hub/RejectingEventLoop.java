package dev.herald.hub;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/** Event loop that rejects the next tasks of other threads on request, like one without memory. */
final class RejectingEventLoop extends SingleThreadEventExecutor {
    private final AtomicInteger failing = new AtomicInteger();
    private volatile String thread = "";
    private final Supplier<Error> error;

    RejectingEventLoop(Supplier<Error> error) {
        super(null, new DefaultThreadFactory(RejectingEventLoop.class), true);
        this.error = error;
    }

    @Override
    protected void run() {
        while (!confirmShutdown()) {
            Runnable task = takeTask();
            if (task != null) {
                runTask(task);
                updateLastExecutionTime();
            }
        }
    }

    /** Rejects the next tasks of other threads. */
    void failNext(int tasks) {
        failNextOf("", tasks);
    }

    /** Rejects the next tasks of other threads whose name begins with {@code name}. */
    void failNextOf(String name, int tasks) {
        thread = name;
        failing.set(tasks);
    }

    /** Number of tasks still to reject. */
    int left() {
        return failing.get();
    }

    private void check() {
        if (Thread.currentThread().getName().startsWith(thread) && failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw error.get();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (!inEventLoop()) {
            check();
        }
        super.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        if (!inEventLoop()) {
            check();
        }
        return super.schedule(task, delay, unit);
    }
}
