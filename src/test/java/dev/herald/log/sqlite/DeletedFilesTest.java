package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Page;

import static dev.herald.Directories.copy;
import static dev.herald.Directories.delete;
import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests of deleted or replaced files: of an open log, one by one or all at once, and between a kill and the next start.
 * No update is acknowledged that would be lost, the loss is reported once, and readers get a gap.
 */
class DeletedFilesTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private Path directory() {
        return folder.resolve("data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"herald.db", "herald.db-wal", "herald.head", "herald.lock"})
    void updatesAreRejectedAfterAFileOfAnOpenLogIsDeleted(String name) throws IOException {
        try (EventLog log = Logs.open(directory())) {
            Logs.append(log, 3);
            Files.delete(directory().resolve(name));

            assertThatThrownBy(() -> done(log.append(Logs.update("news", "lost"))))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(EventLogException.class)
                    .hasMessageContaining(name + "' was deleted or replaced while the hub had it open. Stop the hub");
            assertThat(log.writable()).isFalse();
            assertThat(log.recent().head()).isEqualTo(3);
            assertThatThrownBy(() -> done(log.append(Logs.update("news", "lost"))));
            assertThat(logged.lines()).as("reported once").hasSize(1);
        }
    }

    @Test
    void deletedLogWithoutTrafficIsNotReady() throws IOException {
        try (EventLog log = Logs.open(directory())) {
            List<Event> events = Logs.append(log, 3);
            delete(directory());

            eventually().until(() -> !log.writable());

            assertThat(logged.lines()).hasSize(1);
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL)))
                    .as("open files remain readable")
                    .isEqualTo(events);
        }
    }

    @Test
    void replacedFilesAreDetected() throws IOException {
        try (EventLog other = Logs.open(folder.resolve("other"))) {
            Logs.append(other, 1);
        }
        try (EventLog log = Logs.open(directory())) {
            Logs.append(log, 3);
            Files.delete(directory().resolve("herald.db"));
            Files.copy(folder.resolve("other").resolve("herald.db"), directory().resolve("herald.db"));

            assertThatThrownBy(() -> done(log.append(Logs.update("news", "lost"))))
                    .hasMessageContaining("replaced");
            assertThat(logged.lines()).hasSize(1);
        }
    }

    @Test
    void filesThatAreMovedBackAreUsedAgainWithoutRejectedUpdates() throws IOException {
        Path aside = folder.resolve("aside");
        try (EventLog log = Logs.open(directory())) {
            List<Event> events = Logs.append(log, 3);
            Files.move(directory(), aside);
            assertThatThrownBy(() -> done(log.append(Logs.update("news", "rejected"))));
            Files.move(aside, directory());

            eventually().until(log::writable);
            events.add(done(log.append(Logs.update("news", "taken"))));

            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(events);
            assertThat(logged.lines()).hasSize(1);
        }
    }

    @Test
    void writeAheadLogRemovedAfterAKillIsAGap() throws IOException {
        List<Event> before;
        try (EventLog log = Logs.open(directory())) {
            before = Logs.append(log, 3);
        }
        Path killed = folder.resolve("killed");
        List<Event> lost;
        try (EventLog log = Logs.open(directory())) {
            lost = Logs.append(log, 2);
            copy(directory(), killed);
        }
        Files.delete(killed.resolve("herald.db-wal"));

        try (EventLog log = Logs.open(killed)) {
            List<Event> after = Logs.append(log, 2);

            List<Page> fromTheBeginning = Logs.pages(log, 0, Logs.ALL);
            assertThat(Logs.events(fromTheBeginning))
                    .containsExactlyElementsOf(
                            Stream.of(before, after).flatMap(List::stream).toList());
            assertThat(Logs.hasGap(fromTheBeginning, 0)).isTrue();
            for (Event event : lost) {
                List<Page> pages = Logs.pages(log, event.position(), Logs.ALL);
                assertThat(Logs.hasGap(pages, event.position())).isTrue();
                assertThat(Logs.events(pages)).isEqualTo(after);
            }
            assertThat(logged.lines()).singleElement().asString().contains("The newest events are missing");
        }
    }

    /** For the hub's user only: of a directory with other files, the hub does not change the permissions. */
    private void createDirectory() throws IOException {
        Files.createDirectory(
                directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void databaseRemovedBetweenTwoRunsIsReportedAndItsOtherFilesAreKept() throws IOException {
        Path killed = folder.resolve("killed");
        try (EventLog log = Logs.open(directory())) {
            Logs.append(log, 3);
            copy(directory(), killed);
        }
        Path removed = folder.resolve("removed.db");
        Files.move(killed.resolve("herald.db"), removed);
        byte[] newest = Files.readAllBytes(killed.resolve("herald.db-wal"));

        try (EventLog log = Logs.open(killed)) {
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEmpty();
        }

        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith("The log's file is missing, but other files of a log are here: the hub begins an empty log")
                .contains("found=[herald.db-wal, herald.head]");
        assertThat(killed.resolve("herald-replaced-1.db-wal")).hasBinaryContent(newest);
        assertThat(killed.resolve("herald-replaced-1.head")).exists();

        // Put back as it was, the log is whole.
        Files.move(removed, killed.resolve("herald.db"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                killed.resolve("herald-replaced-1.db-wal"),
                killed.resolve("herald.db-wal"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                killed.resolve("herald-replaced-1.head"),
                killed.resolve("herald.head"),
                StandardCopyOption.REPLACE_EXISTING);
        try (EventLog log = Logs.open(killed)) {
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"herald.head", "herald.db.damaged", "herald-replaced-1.db", "herald-damaged-1.db", "backup.db"})
    void fileOfALogWithoutItsDatabaseIsReported(String name) throws IOException {
        createDirectory();
        Files.createFile(directory().resolve(name));

        Logs.open(directory()).close();

        assertThat(logged.lines()).singleElement().asString().endsWith("found=[" + name + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"herald.lock", "herald.db.new", "herald.db.new-wal", "lost+found", "notes.txt"})
    void otherFileBesideANewLogIsNotReported(String name) throws IOException {
        createDirectory();
        Files.createFile(directory().resolve(name));

        Logs.open(directory()).close();

        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void filesOfTwoLostDatabasesAreKept() throws IOException {
        createDirectory();
        for (String content : List.of("first", "second")) {
            Files.writeString(directory().resolve("herald.db-wal"), content);
            Logs.open(directory()).close();
            Files.delete(directory().resolve("herald.db"));
        }

        assertThat(logged.lines()).hasSize(2);
        assertThat(directory().resolve("herald-replaced-1.db-wal")).hasContent("first");
        assertThat(directory().resolve("herald-replaced-2.db-wal")).hasContent("second");
    }

    /** The mark is in the file from the start, so a copy of the database alone is detected. */
    @Test
    void copyOfAnOpenDatabaseIsDetectedAsIncomplete() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (EventLog log = Logs.open(directory())) {
            Logs.append(log, 3);
            Files.copy(directory().resolve("herald.db"), copy.resolve("herald.db"));
        }

        try (EventLog log = Logs.open(copy)) {
            Logs.append(log, 1);

            assertThat(Logs.hasGap(Logs.pages(log, 0, Logs.ALL), 0)).isTrue();
            assertThat(logged.lines()).hasSize(1);
        }
    }

    @Test
    void stoppedOrKilledLogWithAllItsFilesIsComplete() throws IOException {
        Path killed = folder.resolve("killed");
        for (int start = 0; start < 3; start++) {
            try (EventLog log = Logs.open(directory())) {
                Logs.append(log, 2);
                if (start == 1) {
                    copy(directory(), killed);
                }
            }
        }
        for (Path whole : List.of(directory(), killed)) {
            try (EventLog log = Logs.open(whole)) {
                assertThat(Logs.hasGap(Logs.pages(log, 0, Logs.ALL), 0)).isFalse();
            }
        }
    }
}
