package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.RegisterExtension;
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
 * return to their pool after any failure. A transaction of a failed query or batch does not block the next, even if it
 * could not be ended.
 */
class ErrorsTest {
    /** More than the number of readers. */
    private static final int QUESTIONS = 5;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    private final FailingStatements source = new FailingStatements(false);

    @TempDir
    private Path directory;

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("Injected error."), () -> new StackOverflowError("Injected error."));
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

    /** A reader that is still in its transaction could not begin another one. */
    @ParameterizedTest
    @MethodSource("errors")
    void readerWhoseTransactionCouldNotBeEndedAnswersTheNextQuery(Supplier<Error> error) {
        try (SqliteEventLog log = Logs.open(directory, source)) {
            Logs.append(log, 1);
            source.failWith(error);
            for (int update = 1; update <= 2; update++) {
                source.failAt(update, 0);
                assertThat(log.read(0, Logs.ALL, 1_000).toCompletableFuture())
                        .failsWithin(Patience.LIMIT)
                        .withThrowableThat()
                        .withCauseInstanceOf(EventLogException.class);
            }

            for (int i = 0; i < QUESTIONS; i++) {
                assertThat(done(log.read(0, Logs.ALL, 1_000)).events()).hasSize(1);
            }
            assertThat(done(log.lookBack(1, 1, Logs.ALL, List.of())).positions())
                    .containsExactly(1L);
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failedBatchIsRolledBackAndTheNextIsStored(Supplier<Error> error) {
        logged.expect("A batch of updates was not stored.");
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
