package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.Patience;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLogException;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Invariant 8 in the file log: an {@code Error} ends the question or the batch that it met. Readers return to their pool
 * whatever a question meets, and the transaction of a batch that failed is no obstacle to the next.
 */
class ErrorsTest {
    /** More than there are readers. */
    private static final int QUESTIONS = 5;

    private final CapturedErrors logged = new CapturedErrors("dev.herald.log");
    private final FailingStatements source = new FailingStatements(false);

    @TempDir
    private Path directory;

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("A test wants it."), () -> new StackOverflowError("A test wants it."));
    }

    @BeforeEach
    void capture() {
        logged.start();
    }

    @AfterEach
    void release() {
        logged.stop();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void readersReturnToTheirPool(Supplier<Error> error) {
        try (SqliteEventLog log = Logs.open(directory)) {
            Logs.append(log, 1);

            for (int i = 0; i < QUESTIONS; i++) {
                assertThat(log.read(0, new FailingList(error), 1_000).toCompletableFuture())
                        .failsWithin(Patience.LIMIT)
                        .withThrowableThat()
                        .withCauseInstanceOf(EventLogException.class);
            }

            assertThat(done(log.read(0, Logs.ALL, 1_000)).events()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aBatchThatMetAnErrorLeavesNothingAndTheNextIsKept(Supplier<Error> error) {
        try (SqliteEventLog log = Logs.open(directory, source)) {
            Logs.append(log, 1);
            source.failWith(error);
            source.failAt(1, 0);

            assertThat(log.append(Logs.update("news", "lost")).toCompletableFuture())
                    .failsWithin(Patience.LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(EventLogException.class);

            assertThat(Logs.append(log, 1).get(0).position()).isEqualTo(2);
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).hasSize(2);
            assertThat(log.writable()).isTrue();
        }
    }

    /** Selectors that a reader cannot look at. */
    private static final class FailingList extends AbstractList<TopicSelector> {
        private final Supplier<Error> error;

        FailingList(Supplier<Error> error) {
            this.error = error;
        }

        @Override
        public TopicSelector get(int index) {
            if (Thread.currentThread().getName().startsWith("herald-reader")) {
                throw error.get();
            }
            return Logs.ALL.get(index);
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
