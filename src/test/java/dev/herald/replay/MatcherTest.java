package dev.herald.replay;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.log.CapturedErrors;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that the thread which matches expensive selectors survives failures of jobs and of their owners. */
class MatcherTest {
    private final Matcher matcher = new Matcher();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        matcher.close();
    }

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("Injected error."), () -> new StackOverflowError("Injected error."));
    }

    private void runOne() {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        matcher.run(
                budget -> {
                    threads.add(Thread.currentThread());
                    return true;
                },
                end::complete);
        assertThat(done(end)).isNull();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failedJobIsReportedToItsOwner(Supplier<Error> error) {
        runOne();
        Error failure = error.get();
        CompletableFuture<Throwable> end = new CompletableFuture<>();

        matcher.run(
                budget -> {
                    throw failure;
                },
                end::complete);

        assertThat(done(end)).isSameAs(failure);
        runOne();
        assertThat(threads).hasSize(1);
    }

    /** The thread must survive: without memory or descriptors another could not be created. */
    @ParameterizedTest
    @MethodSource("errors")
    void failingOwnerDoesNotEndTheMatcherThread(Supplier<Error> error) {
        CapturedErrors logged = new CapturedErrors("dev.herald.replay");
        logged.start();
        try {
            runOne();
            List<Throwable> ends = new CopyOnWriteArrayList<>();

            for (boolean finishes : List.of(true, false)) {
                matcher.run(
                        budget -> {
                            if (finishes) {
                                return true;
                            }
                            throw error.get();
                        },
                        end -> {
                            ends.add(end == null ? new IllegalStateException("done") : end);
                            throw error.get();
                        });
            }

            runOne();
            assertThat(threads).hasSize(1);
            assertThat(ends).as("one callback each").hasSize(2);
            assertThat(logged.lines()).hasSize(2);
        } finally {
            logged.stop();
        }
    }

    @Test
    void jobsAfterCloseAreRejected() {
        matcher.close();
        CompletableFuture<Throwable> end = new CompletableFuture<>();

        matcher.run(budget -> true, end::complete);

        assertThat(done(end)).isInstanceOf(RejectedExecutionException.class);
    }
}
