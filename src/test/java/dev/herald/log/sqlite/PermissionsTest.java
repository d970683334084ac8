package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.sqlite.files.LogDirectory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that only the hub's user may read the log's files, whatever the umask. A file may be created by a new log, by
 * SQLite beside the database, by a recovery, or by an earlier version. A directory that the log does not own alone is
 * left unchanged, with one warning.
 */
class PermissionsTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private Path directory;

    @BeforeEach
    void begin() {
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        directory = folder.resolve("parent").resolve("data");
    }

    private static String of(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void set(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), of(file));
            }
        }
        return found;
    }

    private void assertOwnerOnly(String... names) throws IOException {
        assertThat(files()).containsKeys(names);
        assertThat(files().values()).containsOnly("rw-------");
        assertThat(of(directory)).isEqualTo("rwx------");
    }

    @Test
    void newLogIsReadableByTheOwnerOnly() throws IOException {
        try (EventLog log = Logs.open(directory)) {
            Logs.append(log, 10);

            assertOwnerOnly("herald.db", "herald.db-wal", "herald.db-shm", "herald.lock");
        }
        assertOwnerOnly("herald.db", "herald.lock");
    }

    @Test
    void newLogIsReadableByTheOwnerOnlyWithAnOpenUmask() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
        command.addAll(KilledPublisher.command(folder, directory, 1_000));
        Process other = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read())
                    .as("the other process publishes")
                    .isPositive();

            assertOwnerOnly("herald.db", "herald.db-wal", "herald.db-shm", "herald.lock");
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
        Logs.open(directory).close();
        assertOwnerOnly("herald.db", "herald.lock");
    }

    @Test
    void startRestrictsFilesOfAnEarlierVersion() throws IOException {
        List<Event> events;
        try (EventLog log = Logs.open(directory)) {
            events = Logs.append(log, 10);
            // Files as after a kill.
            Files.copy(directory.resolve("herald.db"), folder.resolve("herald.db"));
            Files.copy(directory.resolve("herald.db-wal"), folder.resolve("herald.db-wal"));
        }
        Files.move(folder.resolve("herald.db"), directory.resolve("herald-damaged-1.db"));
        Files.move(folder.resolve("herald.db-wal"), directory.resolve("herald-damaged-1.db-wal"));
        for (String name : files().keySet()) {
            set(directory.resolve(name), "rw-rw-r--");
        }
        set(directory, "rwxr-xr-x");

        try (EventLog log = Logs.open(directory)) {
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(events);
            assertOwnerOnly("herald.db", "herald.db-wal", "herald.lock", "herald-damaged-1.db");
        }
    }

    @Test
    void rescuedFilesAreReadableByTheOwnerOnly() throws IOException {
        try (EventLog log = Logs.open(directory)) {
            Logs.append(log, 10);
        }
        Files.createFile(directory.resolve("herald.db.damaged"));
        logged.expect("The log's file is damaged; its readable events are copied into a new one");

        try (EventLog log = Logs.open(directory)) {
            assertThat(log.writable()).isTrue();
            assertOwnerOnly("herald.db", "herald.db-wal", "herald-damaged-1.db", "herald-damaged-1.db.damaged");
        }
    }

    @Test
    void damageMarkerIsReadableByTheOwnerOnly() throws IOException {
        logged.expect("The log's file is damaged. Readable events are served.");
        try (LogDirectory locked = LogDirectory.lock(directory)) {
            new CorruptionReport(locked).report(new IOException("made by a test"));

            assertOwnerOnly("herald.db.damaged");
            assertThat(directory.resolve("herald.db.damaged")).content().matches("20\\S+Z made by a test\n");
        }
    }

    @Test
    void directoryWithOtherFilesIsLeftUnchangedWithOneWarning() throws IOException {
        Files.createDirectories(directory);
        Files.createFile(directory.resolve("somebody-elses"));
        set(directory.resolve("somebody-elses"), "rw-r--r--");
        set(directory, "rwxr-xr-x");

        try (EventLog log = Logs.open(directory)) {
            assertThat(log.writable()).isTrue();
            assertThat(of(directory)).isEqualTo("rwxr-xr-x");
            assertThat(files()).containsEntry("somebody-elses", "rw-r--r--").containsEntry("herald.db", "rw-------");
            assertThat(logged.lines()).singleElement().asString().contains(directory.toString());
        }
    }

    @Test
    void permissionsOfASharedDirectoryAreUnchanged() throws IOException {
        Files.createDirectories(directory);
        Files.setAttribute(directory, "unix:mode", 01777);

        try (EventLog log = Logs.open(directory)) {
            assertThat(log.writable()).isTrue();
            assertThat(of(directory)).isEqualTo("rwxrwxrwx");
            assertThat(logged.lines()).hasSize(1);
        }
    }

    @Test
    void linkToADirectoryIsFollowed() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        set(real, "rwxr-x---");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        try (EventLog log = Logs.open(link)) {
            assertThat(log.writable()).isTrue();
            assertThat(of(real)).isEqualTo("rwx------");
            assertThat(of(real.resolve("herald.db"))).isEqualTo("rw-------");
        }
    }
}
