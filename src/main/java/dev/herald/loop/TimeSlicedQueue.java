package dev.herald.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Steps that can wait, done on an event loop a slice at a time: whatever else waits for the loop comes between two slices,
 * however many steps there are. Steps are taken from any thread, and done in the order of their coming.
 */
public final class TimeSlicedQueue {
    /** A slice ends after the step in which it becomes as long as this. */
    private static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Consumer<Runnable> loop;
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean waiting = new AtomicBoolean();

    /** @param loop runs a task after it has looked at its sockets, never within the call */
    public TimeSlicedQueue(Consumer<Runnable> loop) {
        this.loop = loop;
    }

    /** Does the step later. One that throws ends its slice, and no other step. */
    public void add(Runnable step) {
        steps.add(step);
        await();
    }

    /** Asks for a slice again if steps wait and the loop once took no task. From any thread. */
    public void resume() {
        if (!steps.isEmpty()) {
            await();
        }
    }

    private void await() {
        if (waiting.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                loop.accept(this::slice);
                accepted = true;
            } finally {
                if (!accepted) {
                    waiting.set(false);
                }
            }
        }
    }

    private void slice() {
        try {
            long begin = System.nanoTime();
            Runnable step = steps.poll();
            while (step != null) {
                step.run();
                step = System.nanoTime() - begin < SLICE_NANOS ? steps.poll() : null;
            }
        } finally {
            waiting.set(false);
            resume();
        }
    }
}
