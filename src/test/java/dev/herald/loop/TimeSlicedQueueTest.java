package dev.herald.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TimeSlicedQueueTest {
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final TimeSlicedQueue slices = new TimeSlicedQueue(loop::add);
    private final List<Integer> done = new ArrayList<>();

    private void spend(long nanos, int number) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        done.add(number);
    }

    @Test
    void shortStepsShareASlice() {
        IntStream.range(0, 3).forEach(i -> slices.add(() -> done.add(i)));

        assertThat(done).isEmpty();
        assertThat(loop).hasSize(1);
        loop.remove().run();
        assertThat(done).containsExactly(0, 1, 2);
        assertThat(loop).isEmpty();
    }

    @Test
    void longStepEndsTheSliceAndTheRestRunsAfterOtherTasks() {
        IntStream.range(0, 3).forEach(i -> slices.add(() -> spend(LONG_NANOS, i)));
        loop.add(() -> done.add(100));

        while (!loop.isEmpty()) {
            loop.remove().run();
        }

        assertThat(done).containsExactly(0, 100, 1, 2);
    }

    @Test
    void stepsAddedByAStepRun() {
        slices.add(() -> {
            done.add(0);
            slices.add(() -> done.add(1));
        });

        runAll();

        assertThat(done).containsExactly(0, 1);
        slices.add(() -> done.add(2));
        runAll();
        assertThat(done).containsExactly(0, 1, 2);
    }

    /** On a busy machine a slice may end after any step. */
    private void runAll() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    @Test
    void failedStepDoesNotStopTheNext() {
        slices.add(() -> {
            throw new IllegalStateException("Injected error.");
        });
        slices.add(() -> done.add(1));

        assertThatThrownBy(loop.remove()::run).isInstanceOf(IllegalStateException.class);
        loop.remove().run();

        assertThat(done).containsExactly(1);
    }
}
