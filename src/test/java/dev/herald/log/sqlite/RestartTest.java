package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Page;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a start after a clean stop, a kill, a power cut, and with files other than those of the last run. Only
 * readers that cross a place where acknowledged events may be missing get a gap.
 */
class RestartTest {
    private static final BootId BOOT = new BootId("boot-1");
    private static final BootId OTHER_BOOT = new BootId("boot-2");
    private static final String POWER_CUT = "The machine stopped while the log was open";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private Path killed;

    /** Makes a directory as after a kill, with six events of two runs. Returns a cursor after the fourth. */
    private String kill(Durability durability) throws IOException {
        Path directory = folder.resolve("data");
        killed = folder.resolve("killed");
        try (EventLog log = Logs.open(directory, BOOT, durability)) {
            Logs.append(log, 3);
        }
        try (EventLog log = Logs.open(directory, BOOT, durability)) {
            List<Event> events = Logs.append(log, 3);
            copy(directory, killed);
            return log.cursors().seal(events.get(0).position());
        }
    }

    private static boolean reportsGap(EventLog log, long after) {
        return Logs.hasGap(Logs.pages(log, after, Logs.ALL), after);
    }

    private static void assertWhole(EventLog log, String cursor) {
        Logs.append(log, 1);
        assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).hasSize(7);
        assertThat(reportsGap(log, 0)).isFalse();
        assertThat(log.cursors().open(cursor)).isPresent();
        assertThat(reportsGap(log, log.cursors().open(cursor).getAsLong())).isFalse();
    }

    @Test
    void cleanStopIsNoLossEvenAfterAReboot() throws IOException {
        String cursor = kill(Durability.COMMIT);
        Path directory = folder.resolve("data");

        try (EventLog log = Logs.open(directory, OTHER_BOOT, Durability.COMMIT)) {
            assertWhole(log, cursor);
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void killWithoutARebootIsNoLoss(Durability durability) throws IOException {
        String cursor = kill(durability);

        try (EventLog log = Logs.open(killed, BOOT, durability)) {
            assertWhole(log, cursor);
        }
    }

    @Test
    void powerCutIsReportedAsAGap() throws IOException {
        String cursor = kill(Durability.COMMIT);

        try (EventLog log = Logs.open(killed, OTHER_BOOT, Durability.COMMIT)) {
            long before = log.recent().head();
            Event next = Logs.append(log, 1).get(0);

            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL)))
                    .as("remaining events are served")
                    .hasSize(7);
            assertThat(reportsGap(log, 0)).isTrue();
            assertThat(reportsGap(log, log.cursors().open(cursor).getAsLong())).isTrue();
            assertThat(reportsGap(log, before))
                    .as("a reader of the new generation")
                    .isFalse();
            assertThat(reportsGap(log, next.position() - 1)).isFalse();
        }
        assertThat(logged.lines()).singleElement().asString().startsWith(POWER_CUT);
    }

    @Test
    void powerCutIsReportedToReadersOfOneTopic() throws IOException {
        logged.expect(POWER_CUT);
        kill(Durability.COMMIT);

        try (EventLog log = Logs.open(killed, OTHER_BOOT, Durability.COMMIT)) {
            Logs.append(log, 1);
            List<Page> pages = Logs.pages(log, 0, List.of(TopicSelector.parse("news")));

            assertThat(Logs.events(pages)).hasSize(7);
            assertThat(Logs.hasGap(pages, 0)).isTrue();
        }
    }

    @Test
    void gapOfAPowerCutIsReportedOnceAlsoAfterLaterRestarts() throws IOException {
        kill(Durability.COMMIT);
        Logs.open(killed, OTHER_BOOT, Durability.COMMIT).close();

        for (int restart = 0; restart < 3; restart++) {
            try (EventLog log = Logs.open(killed, OTHER_BOOT, Durability.COMMIT)) {
                Logs.append(log, 1);
                List<Page> pages = Logs.pages(log, 0, Logs.ALL);

                assertThat(Logs.events(pages)).hasSize(7 + restart);
                assertThat(gaps(pages)).isEqualTo(1);
            }
        }
        assertThat(logged.lines()).singleElement().asString().startsWith(POWER_CUT);
    }

    private static long gaps(List<Page> pages) {
        long at = 0;
        long gaps = 0;
        for (Page page : pages) {
            gaps += page.after() > at ? 1 : 0;
            at = page.through();
        }
        return gaps;
    }

    @Test
    void powerCutIsNoLossWithForce() throws IOException {
        String cursor = kill(Durability.FORCE);

        try (EventLog log = Logs.open(killed, OTHER_BOOT, Durability.COMMIT)) {
            assertWhole(log, cursor);
        }
    }

    @Test
    void unknownBootIdIsTreatedAsAReboot() throws IOException {
        kill(Durability.COMMIT);

        assertThat(new BootId("").isSameAs(new BootId(""))).isFalse();
        assertThat(BootId.current().isSameAs(BootId.current()))
                .isEqualTo(Files.exists(Path.of("/proc/sys/kernel/random/boot_id")));
    }

    @Test
    void openingTheDatabaseInASqliteShellAfterAKillIsNoLoss() throws IOException, SQLException {
        String cursor = kill(Durability.COMMIT);
        try (Connection shell = ConnectionSource.sqlite().open(killed.resolve("herald.db"))) {
            assertThat(Sql.number(shell, "SELECT count(*) FROM event")).isEqualTo(6);
        }
        assertThat(killed.resolve("herald.db-wal"))
                .as("SQLite checkpoints it and removes it")
                .doesNotExist();

        try (EventLog log = Logs.open(killed, BOOT, Durability.COMMIT)) {
            assertWhole(log, cursor);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"herald.db-wal", "herald.head", "herald.head cut", "herald.head changed"})
    void fileThatIsMissingOrDamagedAfterAKillIsALoss(String damage) throws IOException {
        kill(Durability.COMMIT);
        Path head = killed.resolve("herald.head");
        switch (damage) {
            case "herald.head cut" -> Files.write(head, new byte[7]);
            case "herald.head changed" -> {
                byte[] content = Files.readAllBytes(head);
                content[12] ^= 1;
                Files.write(head, content);
            }
            default -> Files.delete(killed.resolve(damage));
        }
        Files.deleteIfExists(killed.resolve("herald.db-shm"));

        try (EventLog log = Logs.open(killed, BOOT, Durability.COMMIT)) {
            Logs.append(log, 1);
            assertThat(reportsGap(log, 0)).isTrue();
        }
        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith(
                        damage.equals("herald.db-wal") ? "The newest events are missing" : "The log was not closed");
    }

    @Test
    void killWhileAGenerationBeginsIsNoLoss() throws IOException, SQLException {
        String cursor = kill(Durability.COMMIT);
        byte[] head = Files.readAllBytes(killed.resolve("herald.head"));
        Path again = folder.resolve("again");
        try (EventLog log = Logs.open(killed, BOOT, Durability.COMMIT)) {
            assertThat(log.writable()).isTrue();
            copy(killed, again);
        }
        // The row is written, the head file is not.
        Files.write(again.resolve("herald.head"), head);

        try (EventLog log = Logs.open(again, BOOT, Durability.COMMIT)) {
            assertWhole(log, cursor);
        }
    }

    @Test
    void cursorAmongTransientEventsSurvivesAKillButNotABackup() throws IOException {
        Path directory = folder.resolve("data");
        Path backup = folder.resolve("backup");
        Path dead = folder.resolve("dead");
        String beforeTheBackup;
        String cursor;
        try (EventLog log = Logs.open(directory, BOOT, Durability.COMMIT)) {
            Logs.append(log, 2);
            beforeTheBackup = log.cursors().seal(log.recent().head());
            copy(directory, backup);
            Logs.append(log, 2);
            for (int i = 0; i < 50; i++) {
                done(log.appendTransient(Logs.update("presence", "{}")));
            }
            cursor = log.cursors().seal(log.recent().head());
            copy(directory, dead);
        }

        try (EventLog log = Logs.open(dead, BOOT, Durability.COMMIT)) {
            Event next = Logs.append(log, 1).get(0);
            long position = log.cursors().open(cursor).orElseThrow();

            assertThat(Logs.events(Logs.pages(log, position, Logs.ALL))).containsExactly(next);
            assertThat(reportsGap(log, position)).isFalse();
        }
        try (EventLog log = Logs.open(backup, BOOT, Durability.COMMIT)) {
            Logs.append(log, 100);

            assertThat(log.cursors().open(cursor))
                    .as("two of its events are missing")
                    .isEmpty();
            assertThat(log.cursors().open(beforeTheBackup)).isPresent();
        }
    }

    @Test
    void generationsStayBoundedAfterManyStarts() throws SQLException, IOException {
        Logs.open(folder.resolve("data")).close();
        try (Connection connection =
                ConnectionSource.sqlite().open(folder.resolve("data").resolve("herald.db"))) {
            GenerationTable table = new GenerationTable(connection);
            for (int start = 0; start < 2 * GenerationTable.MAX_GENERATIONS; start++) {
                // Each run is killed and loses its head file.
                table.begin(7, 3, Optional.empty(), BOOT, false);
            }

            assertThat(Sql.number(connection, "SELECT count(*) FROM generation"))
                    .isEqualTo(GenerationTable.MAX_GENERATIONS);
            assertThat(table.read().beforeSeam(7))
                    .as("seams without events between them are merged")
                    .isEqualTo(table.read().current().start() - 1);
        }
    }

    @Test
    void generationsBehindTheHorizonAreRemovedAndLaterSeamsAreKept() throws SQLException, IOException {
        Logs.open(folder.resolve("data")).close();
        try (Connection connection =
                ConnectionSource.sqlite().open(folder.resolve("data").resolve("herald.db"))) {
            GenerationTable table = new GenerationTable(connection);
            List<Long> newest = List.of(10L, 20L, 30L, 40L);
            for (long event : newest) {
                table.begin(event, 0, Optional.empty(), BOOT, false);
            }
            long before = Sql.number(connection, "SELECT count(*) FROM generation");

            table.begin(50, 25, Optional.empty(), BOOT, false);

            assertThat(before).isEqualTo(5);
            assertThat(Sql.number(connection, "SELECT count(*) FROM generation"))
                    .as("generations that ended before the horizon are removed")
                    .isEqualTo(4);
            assertThat(table.read().behindSeam(30)).isEqualTo(31);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
