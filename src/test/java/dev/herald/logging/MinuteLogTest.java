package dev.herald.logging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** One line a minute at most for each kind of event, with a count that misses no event. */
class MinuteLogTest {
    private final List<String> lines = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private final MinuteLog<String> log = new MinuteLog<>(
            (kind, count, first) -> lines.add(kind + "=" + count + (first ? " first" : "")), (delay, task) -> {
                delays.add(delay);
                timers.add(task);
            });

    /** Runs the timers of the minute that ends. */
    private void endMinute() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    private void record(String kind, int times) {
        IntStream.range(0, times).forEach(i -> log.record(kind));
    }

    @Test
    void firstEventIsReportedAtOnce() {
        log.record("a");

        assertThat(lines).containsExactly("a=1 first");
    }

    @Test
    void floodIsOneLineAMinuteWithItsCount() {
        record("a", 10_000);
        endMinute();
        record("a", 5);
        endMinute();

        assertThat(lines).containsExactly("a=1 first", "a=9999", "a=5");
        assertThat(delays).isNotEmpty().containsOnly(Duration.ofMinutes(1));
    }

    @Test
    void kindsAreReportedApart() {
        record("a", 2);
        record("b", 3);
        endMinute();

        assertThat(lines).containsExactly("a=1 first", "b=1 first", "a=1", "b=2");
    }

    @Test
    void quietMinuteEndsWithoutALineAndTimer() {
        log.record("a");
        endMinute();

        assertThat(lines).containsExactly("a=1 first");
        assertThat(timers).isEmpty();
        log.record("a");
        assertThat(lines).containsExactly("a=1 first", "a=1 first");
    }

    @Test
    void eventsOfManyThreadsAreAllCounted() throws Exception {
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(i -> new Thread(() -> record("a", 1_000)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        endMinute();

        assertThat(lines).hasSizeBetween(1, 2);
        assertThat(lines.stream()
                        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                        .sum())
                .isEqualTo(8_000);
    }

    @Test
    void invariant8FailingLineOrTimerEndsNoRequest() {
        List<String> written = new ArrayList<>();
        MinuteLog<String> failing = new MinuteLog<>(
                (kind, count, first) -> {
                    written.add(kind);
                    throw new OutOfMemoryError("a test");
                },
                (delay, task) -> {
                    throw new RejectedExecutionException();
                });

        failing.record("a");
        failing.record("a");

        assertThat(written).as("no timer would report the second one").containsExactly("a", "a");
    }
}
