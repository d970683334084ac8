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
 * Tests of invariant 8 in the file log: an {@code Error} ends only the query or the batch in which it occurs. Readers
 * return to their pool after any failure, and a failed batch's transaction does not block the next.
 */
class ErrorsTest {
    /** More than the number of readers. */
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
    void failedBatchIsRolledBackAndTheNextIsStored(Supplier<Error> error) {
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

    /** Selector list whose access fails. */
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
