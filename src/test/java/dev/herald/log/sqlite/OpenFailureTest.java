package dev.herald.log.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests that each failure to open a log is reported in one sentence with a remedy. */
class OpenFailureTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    @Test
    void rejectsADirectoryThatAnotherProcessHasOpen() throws Exception {
        Process other = new ProcessBuilder(KilledPublisher.command(directory, directory, 1_000))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read())
                    .as("the other process publishes")
                    .isPositive();

            assertThatThrownBy(() -> Logs.open(directory))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContaining("Another process has the log in '" + directory + "' open: stop it");
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }

        Logs.open(directory).close();
    }

    @Test
    void rejectsADirectoryThatIsOpenInThisProcess() {
        try (EventLog log = Logs.open(directory)) {
            assertThatThrownBy(() -> Logs.open(directory)).hasMessageContaining("stop it, or give this one");

            assertThat(log.writable()).isTrue();
        }
    }

    @Test
    void rejectsAPathThatIsAFile() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Logs.open(file))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("is not a directory: move it away");
    }

    @Test
    void rejectsAReadOnlyDirectory() {
        // A file system where not even root, who bypasses permissions, can create a file.
        assertThatThrownBy(() -> Logs.open(Path.of("/proc/herald")))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining(
                        "cannot write to its directory '/proc/herald': grant the hub's user write permission");
    }

    @Test
    void rejectsADatabaseOfAnotherApplication() throws Exception {
        try (Connection foreign = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            Sql.execute(foreign, "CREATE TABLE theirs (a)");
            Sql.execute(foreign, "PRAGMA user_version = 1");
        }

        assertThatThrownBy(() -> Logs.open(directory))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("is a database, but not a log of Herald");
    }

    @Test
    void rejectsALogOfANewerVersion() throws Exception {
        Logs.open(directory).close();
        try (Connection newer = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            Sql.execute(newer, "PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> Logs.open(directory))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining(
                        "was written by a newer Herald (schema 99, this version supports up to 5): run that version");
    }

    @Test
    void newerVersionRunsTheMissingMigrationsAndKeepsAllEvents() throws Exception {
        List<Event> events;
        try (EventLog log = Logs.open(directory)) {
            events = Logs.append(log, 20);
        }

        try (Connection connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            Schema.CURRENT
                    .with(List.of("ALTER TABLE event ADD COLUMN tenant TEXT"))
                    .migrate(connection, "herald.db");
            assertThat(Sql.number(connection, "PRAGMA user_version")).isEqualTo(6);
            assertThat(Sql.number(connection, "SELECT count(*) FROM event WHERE tenant IS NULL"))
                    .isEqualTo(events.size());
        }
    }

    @Test
    void failedMigrationKeepsTheOldSchema() throws Exception {
        Logs.open(directory).close();
        Schema broken = Schema.CURRENT.with(List.of("CREATE TABLE half (a)", "this is not SQL"));

        try (Connection connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            assertThatThrownBy(() -> broken.migrate(connection, "herald.db"));
        }

        try (EventLog log = Logs.open(directory)) {
            assertThat(Logs.append(log, 1)).hasSize(1);
        }
    }
}
