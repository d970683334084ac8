package dev.herald.hub;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/** An event loop of which a test lets the next tasks of others fail to be taken, as one without memory does. */
final class FaultyLoop extends SingleThreadEventExecutor {
    private final AtomicInteger failing = new AtomicInteger();
    private volatile String thread = "";
    private final Supplier<Error> error;

    FaultyLoop(Supplier<Error> error) {
        super(null, new DefaultThreadFactory(FaultyLoop.class), true);
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

    /** The next so many tasks of other threads are not taken. */
    void failNext(int tasks) {
        failNextOf("", tasks);
    }

    /** The next so many tasks of other threads whose name begins with this are not taken. */
    void failNextOf(String name, int tasks) {
        thread = name;
        failing.set(tasks);
    }

    /** How many tasks are still to fail. */
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
