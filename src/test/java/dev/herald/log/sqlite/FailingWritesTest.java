package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Makes the n-th write of a short run fail, for every n: acknowledged updates are stored, rejected ones are not. */
class FailingWritesTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    @ParameterizedTest(name = "afterwards={0}, {1} more failures")
    @CsvSource({"false, 0", "true, 0", "false, 1", "true, 1", "true, 6"})
    void acknowledgedUpdatesAreStoredAndRejectedOnesAreNotWhicheverWriteFails(boolean afterwards, int more) {
        boolean reachedTheEnd = false;
        int failedRuns = 0;
        for (int n = 1; !reachedTheEnd; n++) {
            Path path = directory.resolve("run-" + n);
            FailingStatements source = new FailingStatements(afterwards);
            List<Event> answered = new ArrayList<>();

            try (EventLog log = Logs.open(path, source)) {
                source.failAt(n, more);
                run(log, answered);
                reachedTheEnd = source.left() > 0;
                failedRuns += reachedTheEnd ? 0 : 1;
                source.failAt(Integer.MAX_VALUE, 0);

                answered.add(done(log.append(Logs.update("news", "afterwards all is well"))));
                assertThat(log.writable()).isTrue();
                assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL)))
                        .as("n=%d", n)
                        .isEqualTo(answered);
            }

            try (EventLog log = Logs.open(path)) {
                List<Event> found = Logs.events(Logs.pages(log, 0, Logs.ALL));
                assertThat(found).as("n=%d, after a restart", n).isEqualTo(answered);
                assertThat(found).extracting(Event::position).isSorted().doesNotHaveDuplicates();
            }
        }
        assertThat(logged.lines())
                .hasSizeGreaterThanOrEqualTo(failedRuns)
                .allMatch(line -> line.startsWith("The log rejects updates.") && line.contains("(made by a test)"));
    }

    /** A nearly full disk takes some batches and not others; each line has a stack. */
    @Test
    void logThatFailsAndRecoversOftenIsReportedOnceAMinute() {
        FailingStatements source = new FailingStatements(false);
        try (EventLog log = Logs.open(directory.resolve("log"), source)) {
            for (int i = 0; i < 3; i++) {
                source.failAt(1, 0);
                assertThatThrownBy(() -> done(log.append(Logs.update("news", "rejected"))))
                        .hasCauseInstanceOf(EventLogException.class);

                done(log.append(Logs.update("news", "taken")));
                assertThat(log.writable()).isTrue();
            }
        }
        assertThat(logged.lines()).singleElement().asString().startsWith("The log rejects updates.");
    }

    private static void run(EventLog log, List<Event> answered) {
        for (int i = 0; i < 6; i++) {
            try {
                answered.add(done(log.append(new Update(
                        List.of(new Topic("news"), new Topic("alternate-" + i)),
                        "event " + i,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()))));
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(EventLogException.class);
            }
        }
    }
}
