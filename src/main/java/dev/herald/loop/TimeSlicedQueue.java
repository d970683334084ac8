package dev.herald.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * FIFO queue of steps that an event loop runs in time slices. Other tasks of the loop run between two slices, however
 * many steps there are. Thread-safe.
 */
public final class TimeSlicedQueue {
    /** Duration at which a slice ends, after the current step. */
    private static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final Consumer<Runnable> loop;
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** @param loop runs a task after its socket I/O, never within the call */
    public TimeSlicedQueue(Consumer<Runnable> loop) {
        this.loop = loop;
    }

    /** Enqueues a step. One that throws ends only its slice. */
    public void add(Runnable step) {
        steps.add(step);
        schedule();
    }

    /** Reschedules a slice if steps wait and the loop rejected the last one. Thread-safe. */
    public void resume() {
        if (!steps.isEmpty()) {
            schedule();
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                loop.accept(this::slice);
                accepted = true;
            } finally {
                if (!accepted) {
                    scheduled.set(false);
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
            scheduled.set(false);
            resume();
        }
    }
}
