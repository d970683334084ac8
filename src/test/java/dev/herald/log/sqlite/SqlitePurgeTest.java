package dev.herald.log.sqlite;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Purge;
import dev.herald.log.PurgeContract;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.ConnectionSource;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqlitePurgeTest extends PurgeContract {
    private static final String MARK = "mark-of-the-purged-event";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private final AtomicInteger logs = new AtomicInteger();

    @Override
    protected EventLog create(long maxEvents) {
        return Logs.open(folder.resolve("log-" + logs.incrementAndGet()), Retention.of(maxEvents, 1L << 30));
    }

    private Path data() {
        return folder.resolve("data");
    }

    @Test
    void purgeSurvivesARestart() {
        try (EventLog log = Logs.open(data())) {
            append(log, "a", NEWS);
            append(log, "b", NEWS);
            append(log, "c", NEWS);
            purge(log, ofId("b"));
            purge(log, ofId("c"));
        }

        try (EventLog log = Logs.open(data())) {
            assertThat(readAll(log, 0, ALL)).containsExactly("a");
            assertThat(log.recent().size()).isEqualTo(1);
            assertThat(log.recent().head()).isEqualTo(3);
            assertThat(done(log.findPurged(new EventId("b")))).hasValue(2);
            assertThat(append(log, "d", NEWS).position()).isEqualTo(4);
            assertThat(readAll(log, 0, ALL)).containsExactly("a", "d");
        }
    }

    /** Data in the row and in overflow pages, ids and topics in indexes, and the write-ahead log. */
    @Test
    void nothingOfPurgedEventsIsLeftInTheFiles() throws IOException {
        Topic topic = new Topic(MARK + "-topic");
        try (EventLog log = Logs.open(data())) {
            for (int i = 0; i < 300; i++) {
                append(log, MARK + i, i % 2 == 0 ? topic : NEWS, i % 2 == 0 ? NEWS : topic);
                append(log, "other-" + i, NEWS);
            }
            done(log.append(Update.of(topic, (MARK + " ").repeat(20_000))));
            assertThat(filesWith(MARK)).isNotEmpty();

            Purged purged = purge(log, new Purge.OfTopic(topic));

            assertThat(purged).isEqualTo(new Purged(301, true));
            assertThat(filesWith(MARK)).isEmpty();
            assertThat(filesWith("other-7")).isNotEmpty();
        }
        assertThat(filesWith(MARK)).isEmpty();
    }

    private List<String> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.list(data())) {
            return files.filter(file -> contains(file, text))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void filesShrinkAfterAPurge() {
        try (EventLog log = Logs.open(data())) {
            for (int i = 0; i < 100; i++) {
                done(log.append(Update.of(SECRET, "x".repeat(100_000))));
            }
            long before = log.stats().fileBytes().orElseThrow();

            purge(log, new Purge.OfTopic(SECRET));

            eventually().until(() -> log.stats().fileBytes().orElseThrow() < before / 2);
        }
    }

    /** Updates wait for a step, which overwrites all pages of its events. */
    @Test
    void stepOfAPurgeIsBoundedByBytes() throws Exception {
        try (EventLog log = Logs.open(data())) {
            for (int i = 0; i < 10; i++) {
                done(log.append(Update.of(SECRET, "x".repeat(1 << 20))));
            }

            assertThat(purge(log, new Purge.OfTopic(SECRET)).events()).isEqualTo(10);

            assertThat(readAll(log, 0, ALL)).isEmpty();
        }
        try (Connection connection = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            assertThat(EventPurge.steps(connection)).isEqualTo(3);
        }
    }

    @Test
    void readerInTheWayIsTriedAgainInLaterSteps() throws Exception {
        try (EventLog log = Logs.open(data())) {
            append(log, "a", NEWS);
        }
        RecentEvents recent = new RecentEvents(1 << 20);
        AtomicInteger busy = new AtomicInteger(3);
        try (Connection connection = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            EventPurge task = new EventPurge(eraser(busy), connection, ofId("a"), recent);

            assertThat(task.step()).as("search").isEmpty();
            assertThat(task.step()).isEmpty();
            assertThat(task.step()).isEmpty();
            assertThat(task.step()).isEmpty();
            assertThat(task.step()).contains(new Purged(0, true));
        }
    }

    private static EventPurge.Eraser eraser(AtomicInteger busy) {
        return new EventPurge.Eraser() {
            @Override
            public void erase(EventPurge.Step step) {
                try {
                    step.run();
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public boolean emptyWriteAheadLog() {
                return busy.getAndDecrement() <= 0;
            }
        };
    }

    @Test
    void filesOfAPurgeWithAReaderInTheWayAreErasedByARepetition() throws Exception {
        try (EventLog log = Logs.open(data())) {
            append(log, "a", NEWS);
            append(log, MARK, NEWS);
            try (Connection reader = ConnectionSource.sqlite().open(data().resolve("herald.db"));
                    Statement statement = reader.createStatement()) {
                statement.execute("BEGIN");
                statement.executeQuery("SELECT count(*) FROM event").close();

                assertThat(purge(log, ofId(MARK))).isEqualTo(new Purged(1, false));

                statement.execute("ROLLBACK");
            }
            assertThat(append(log, "c", NEWS).position()).isEqualTo(3);
            assertThat(purge(log, ofId(MARK))).isEqualTo(new Purged(0, true));
            assertThat(filesWith(MARK)).isEmpty();
        }
    }

    @Test
    void backupHasPlacesButNothingElseOfPurgedEvents() throws IOException {
        logged.expect("The log was restored from a backup");
        Path backup = folder.resolve("backup.db");
        try (EventLog log = Logs.open(data())) {
            append(log, "a", NEWS);
            append(log, MARK, NEWS);
            append(log, "c", NEWS);
            purge(log, ofId(MARK));
            assertThat(LogBackup.write(data(), backup)).isEqualTo(3);
        }
        assertThat(contains(backup, MARK)).isFalse();
        LogRestore.install(backup, folder.resolve("restored"));

        try (EventLog log = Logs.open(folder.resolve("restored"))) {
            assertThat(done(log.findPurged(new EventId(MARK)))).hasValue(2);
            assertThat(done(log.read(0, ALL, 1 << 20)).events())
                    .extracting(event -> event.id().value())
                    .containsExactly("a", "c");
        }
    }

    @Test
    void backupDuringAPurgeIsRefused() {
        try (EventLog log = Logs.open(data())) {
            append(log, "a", NEWS);
            append(log, "b", NEWS);
            AtomicBoolean done = new AtomicBoolean();
            ConnectionSource target =
                    file -> beforeFirstInsert(ConnectionSource.sqlite().open(file), () -> {
                        if (done.compareAndSet(false, true)) {
                            purge(log, ofId("b"));
                        }
                    });

            assertThatThrownBy(() -> LogBackup.write(data(), folder.resolve("backup.db"), target))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("Events were purged while the backup was written");

            assertThat(folder.resolve("backup.db")).doesNotExist();
            assertThat(LogBackup.write(data(), folder.resolve("backup.db"))).isEqualTo(2);
        }
    }

    private static Connection beforeFirstInsert(Connection real, Runnable action) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        action.run();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void failedPurgeCanBeRepeated() {
        logged.expect("The log rejects updates");
        FailingStatements source = new FailingStatements(false);
        try (EventLog log = Logs.open(data(), source)) {
            append(log, "a", NEWS);
            append(log, "b", NEWS);
            source.failAt(3, 0);

            assertThatThrownBy(() -> purge(log, ofId("a")))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(EventLogException.class);

            assertThat(log.recent().size()).as("not purged in memory alone").isEqualTo(2);
            assertThat(readAll(log, 0, ALL)).containsExactly("a", "b");
            eventually().until(log::writable);
            assertThat(purge(log, ofId("a")).events()).isEqualTo(1);
            assertThat(readAll(log, 0, ALL)).containsExactly("b");
        }
    }

    @Test
    void rescuedLogHasThePlacesOfPurgedEvents() throws Exception {
        logged.expect("The log's file is damaged");
        logged.allow("Events of the log are lost");
        try (EventLog log = Logs.open(data())) {
            append(log, "a", NEWS);
            append(log, "b", NEWS);
            append(log, "c", NEWS);
            purge(log, ofId("b"));
        }
        Files.createFile(data().resolve("herald.db.damaged"));

        try (EventLog log = Logs.open(data())) {
            assertThat(done(log.findPurged(new EventId("b")))).hasValue(2);
            assertThat(readAll(log, 0, ALL)).containsExactly("a", "c");
        }
    }

    @Test
    void rowsOfTheFirstSchemaCanBePurged() throws IOException {
        Files.createDirectories(data());
        try (var file = getClass().getResourceAsStream("/log/schema-1.db")) {
            Files.copy(file, data().resolve("herald.db"));
        }

        try (EventLog log = Logs.open(data())) {
            int before = readAll(log, 0, ALL).size();

            assertThat(purge(log, ofId("given-2")).events()).isEqualTo(1);
            assertThat(purge(log, new Purge.OfTopic(new Topic("tags/ünïcode"))).events())
                    .isEqualTo(1);

            assertThat(readAll(log, 0, ALL)).hasSize(before - 2).doesNotContain("given-2");
        }
    }
}
