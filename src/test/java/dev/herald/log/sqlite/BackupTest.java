package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;

import dev.herald.SmallDisk;
import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Page;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of backups of open and closed logs, and of their restore. */
class BackupTest {
    private static final String RESTORED = "The log was restored from a backup";

    /** More than a backup copies in one step. */
    private static final int MANY = 2_500;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private Path file() {
        return folder.resolve("backup.db");
    }

    private static List<Event> all(EventLog log) {
        return Logs.events(Logs.pages(log, 0, Logs.ALL));
    }

    @Test
    void backupWhileUpdatesArePublishedIsAPrefixWithAllThatWasAnsweredBefore() {
        logged.expect(RESTORED);
        List<Event> answered = Collections.synchronizedList(new ArrayList<>());
        int before;
        String early;
        String late;
        try (EventLog log = Logs.open(data())) {
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    answered.add(done(log.append(Logs.update("news", "event " + answered.size()))));
                }
            });
            eventually().until(() -> answered.size() > MANY);

            before = answered.size();
            LogBackup.write(data(), file());
            int after = answered.size();

            eventually().until(() -> answered.size() > after + 10);
            enough.set(true);
            publishing.join();
            early = log.cursors().seal(answered.get(10).position());
            late = log.cursors().seal(log.recent().head());
        }
        LogRestore.install(file(), folder.resolve("restored"));

        try (EventLog log = Logs.open(folder.resolve("restored"))) {
            List<Event> restored = all(log);
            assertThat(restored).hasSizeGreaterThanOrEqualTo(before).isEqualTo(answered.subList(0, restored.size()));
            assertThat(restored).hasSizeLessThan(answered.size());

            assertThat(log.cursors().open(early)).hasValue(answered.get(10).position());
            assertThat(log.cursors().open(late)).as("of an event that is gone").isEmpty();
        }
    }

    @Test
    void readerThatHadNotReachedTheEndOfTheBackupGetsOneGapThere() {
        logged.expect(RESTORED);
        String cursor;
        try (EventLog log = Logs.open(data())) {
            List<Event> events = Logs.append(log, 5);
            cursor = log.cursors().seal(events.get(3).position());
            LogBackup.write(data(), file());
            Logs.append(log, 5);
        }
        LogRestore.install(file(), data());

        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 1);
            long position = log.cursors().open(cursor).orElseThrow();
            List<Page> pages = Logs.pages(log, position, Logs.ALL);

            assertThat(Logs.events(pages)).as("one of the backup, one new").hasSize(2);
            assertThat(Logs.hasGap(pages, position)).isTrue();
        }
        try (EventLog log = Logs.open(data())) {
            assertThat(all(log)).as("later starts are like any other").hasSize(6);
        }
        assertThat(logged.lines()).singleElement().asString().startsWith(RESTORED);
    }

    @Test
    void closedLogIsBackedUp() {
        logged.expect(RESTORED);
        List<Event> events;
        try (EventLog log = Logs.open(data())) {
            events = Logs.append(log, 3);
        }

        assertThat(LogBackup.write(data(), file())).isEqualTo(3);

        LogRestore.install(file(), folder.resolve("restored"));
        try (EventLog log = Logs.open(folder.resolve("restored"))) {
            assertThat(all(log)).isEqualTo(events);
        }
    }

    @Test
    void emptyLogIsBackedUp() {
        logged.expect(RESTORED);
        try (EventLog log = Logs.open(data())) {
            assertThat(log.writable()).isTrue();
            assertThat(LogBackup.write(data(), file())).isZero();
        }
        LogRestore.install(file(), folder.resolve("restored"));

        try (EventLog log = Logs.open(folder.resolve("restored"))) {
            assertThat(all(log)).isEmpty();
            Logs.append(log, 1);
            assertThat(all(log)).hasSize(1);
        }
    }

    @Test
    void backupIsOneFileOfTheOwnerAndTheLogItsOwnAsBefore() throws IOException {
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 3);
            LogBackup.write(data(), file());

            Logs.append(log, 1);
            assertThat(all(log)).hasSize(4);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(data(), file());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup.db", "backup.db.unfinished"})
    void existingFileIsNotOverwritten(String name) throws IOException {
        Files.writeString(folder.resolve(name), "precious");
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 1);

            assertThatThrownBy(() -> LogBackup.write(data(), file()))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("exists");
        }

        assertThat(folder.resolve(name)).hasContent("precious");
    }

    @Test
    void diskWithoutRoomForTheBackupIsRefusedBeforehand() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        try (SmallDisk small = SmallDisk.mount(disk, 8);
                EventLog log = Logs.open(data())) {
            Logs.append(log, 1);

            assertThatThrownBy(() -> LogBackup.write(data(), disk.resolve("backup.db")))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("name a file on another disk");

            assertThat(disk).isEmptyDirectory();
            assertThat(small).isNotNull();
        }
    }

    @Test
    void failureWhileCopyingLeavesNoFile() throws IOException {
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 10);
            FailingStatements failing = failingAmongTheEvents();
            failing.failWith(() -> new SQLException("full (made by a test)", null, SQLiteErrorCode.SQLITE_FULL.code));

            assertThatThrownBy(() -> LogBackup.write(data(), file(), failing))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("is full, so there is no backup");

            assertThat(folder).isDirectoryNotContaining(path -> !path.equals(data()));
            Logs.append(log, 1);
            assertThat(all(log)).hasSize(11);
        }
    }

    @Test
    void writeAheadLogCanBeReusedWhileTheBackupIsWritten() throws IOException {
        long[] busy = {-1};
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 10);
            FailingStatements failing = failingAmongTheEvents();
            failing.failWith(() -> {
                busy[0] = busyAtCheckpoint();
                return new SQLException("made by a test");
            });

            assertThatThrownBy(() -> LogBackup.write(data(), file(), failing)).isInstanceOf(EventLogException.class);
        }

        assertThat(busy[0]).as("a reader is in the way").isZero();
    }

    /** A source whose updates fail from one of the last events of a backup on. */
    private FailingStatements failingAmongTheEvents() throws IOException {
        FailingStatements counting = new FailingStatements(false);
        counting.failAt(10_000, 0);
        LogBackup.write(data(), file(), counting);
        Files.delete(file());

        FailingStatements failing = new FailingStatements(false);
        failing.failAt(10_000 - counting.left() - 3, Integer.MAX_VALUE);
        return failing;
    }

    /** Whether a checkpoint that resets the write-ahead log is blocked by a reader (1) or not (0). */
    private long busyAtCheckpoint() {
        try (Connection other = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            // Short reads of the log itself are waited for.
            Sql.pragma(other, "busy_timeout = 1000");
            return Sql.number(other, "PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void damagedEventStopsTheBackup() throws SQLException {
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 3);
        }
        try (Connection shell = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            Sql.execute(shell, "UPDATE event SET data = x'00' WHERE position = (SELECT min(position) FROM event)");
        }

        assertThatThrownBy(() -> LogBackup.write(data(), file()))
                .isInstanceOf(EventLogException.class)
                .hasMessageStartingWith("The log is damaged, so there is no backup.");

        assertThat(file()).doesNotExist();
    }

    @Test
    void directoryWithoutALogIsReportedAndNotTouched() {
        assertThatThrownBy(() -> LogBackup.write(folder, file()))
                .isInstanceOf(EventLogException.class)
                .hasMessageStartingWith("There is no log in '" + folder + "'");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void openLogIsNotReplaced() {
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 3);
            LogBackup.write(data(), file());

            assertThatThrownBy(() -> LogRestore.install(file(), data()))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageStartingWith("Another process has the log in");

            Logs.append(log, 1);
            assertThat(all(log)).hasSize(4);
        }
    }

    @Test
    void replacedLogIsKeptWhole() throws IOException {
        logged.expect(RESTORED);
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 3);
            LogBackup.write(data(), file());
            Logs.append(log, 4);
        }
        LogRestore.install(file(), data());

        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.copy(data().resolve("herald-replaced-1.db"), kept.resolve("herald.db"));
        Files.copy(data().resolve("herald-replaced-1.head"), kept.resolve("herald.head"));
        try (EventLog log = Logs.open(kept)) {
            assertThat(all(log)).hasSize(7);
        }
        try (EventLog log = Logs.open(data())) {
            assertThat(all(log)).hasSize(3);
        }
    }

    /** Put back, it is rescued, as it would have been without the restore. */
    @Test
    void replacedLogKeepsTheMarkOfItsDamage() throws IOException {
        logged.expect(RESTORED);
        logged.expect("The log's file is damaged");
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 3);
            LogBackup.write(data(), file());
        }
        Files.writeString(data().resolve("herald.db.damaged"), "2026-11-30T03:00:00Z found by a test\n");
        LogRestore.install(file(), data());
        assertThat(data().resolve("herald.db.damaged")).doesNotExist();

        Path kept = Files.createDirectory(folder.resolve("kept"));
        for (String suffix : List.of(".db", ".db.damaged", ".head")) {
            Files.copy(data().resolve("herald-replaced-1" + suffix), kept.resolve("herald" + suffix));
        }
        try (EventLog log = Logs.open(kept)) {
            assertThat(all(log)).hasSize(3);
        }
        assertThat(logged.lines()).anySatisfy(line -> assertThat(line)
                .contains("copied into a new one", "reason=2026-11-30T03:00:00Z found by a test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "nothing", "log", "truncated", "missing"})
    void fileThatIsNoWholeBackupIsRefused(String kind) throws IOException {
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 200);
            LogBackup.write(data(), file());
        }
        switch (kind) {
            case "text" -> Files.writeString(file(), "This is not a database. ".repeat(1_000));
            case "nothing" -> Files.write(file(), new byte[0]);
            case "log" -> Files.copy(data().resolve("herald.db"), folder.resolve("log.db"));
            case "truncated" -> Files.write(file(), Arrays.copyOf(Files.readAllBytes(file()), 20_000));
            default -> Files.delete(file());
        }
        Path backup = kind.equals("log") ? folder.resolve("log.db") : file();

        assertThatThrownBy(() -> LogRestore.install(backup, data()))
                .isInstanceOf(EventLogException.class)
                .hasMessageStartingWith("'" + backup + "' is ");

        try (EventLog log = Logs.open(data())) {
            assertThat(all(log)).as("the log before").hasSize(200);
        }
    }
}
