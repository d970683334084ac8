package dev.herald.log.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.Event;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with truncated files and flipped bytes in the database and its write-ahead log, at many offsets. All served
 * events are as published, missing ones between them are reported as a gap, and a log is never replaced silently.
 */
class DamageTest {
    /** What a start says that does not serve what is left. */
    private static final String[] REFUSALS = {
        "Restore a copy of it, or move it away", "or restore a copy if it was one", "was written by a newer Herald"
    };

    private static final int EVENTS = 400;
    private static final String DATABASE = "herald.db";
    private static final String WRITE_AHEAD_LOG = "herald.db-wal";
    private static final String INDEX = "herald.db-shm";
    private static final String HEAD = "herald.head";

    @TempDir
    Path directory;

    /** Files as after a clean stop, and as after a kill. */
    private Path stopped;

    private Path killed;
    private final Map<Long, Event> published = new HashMap<>();
    private int copies;

    @BeforeEach
    void publish() throws IOException {
        stopped = directory.resolve("stopped");
        killed = directory.resolve("killed");
        try (EventLog log = Logs.open(stopped)) {
            for (int i = 0; i < EVENTS; i++) {
                Event event = done(log.append(Logs.update("topic-" + i % 3, i + "x".repeat(i % 50 * 10))));
                published.put(event.position(), event);
            }
            copy(stopped, killed);
        }
    }

    @Test
    void truncatedDatabaseLosesNoEventSilently() throws IOException {
        long size = Files.size(stopped.resolve(DATABASE));
        for (long length = 0; length < size; length += size / 40) {
            Path log = copy(stopped);
            cut(log.resolve(DATABASE), length);

            check(log, "cut to " + length, false);
        }
    }

    @Test
    void flippedBytesInTheDatabaseLoseNoEventSilently() throws IOException {
        long size = Files.size(stopped.resolve(DATABASE));
        Random random = random();
        for (int i = 0; i < 60; i++) {
            Path log = copy(stopped);
            long offset = i == 0 ? 0 : i == 1 ? size - 1 : random.nextLong(size);
            flip(log.resolve(DATABASE), offset);

            check(log, "flipped at " + offset, false);
        }
    }

    /** Both numbers are in the header of the file, where no checksum protects them (SQLite file format §1.3). */
    @Test
    void flippedByteInTheVersionOrTheApplicationIdIsRescuedOrRefused() throws IOException {
        for (long offset : new long[] {60, 61, 62, 63, 68, 69, 70, 71}) {
            Path log = copy(stopped);
            flip(log.resolve(DATABASE), offset);

            check(log, "flipped at " + offset, false);
        }
    }

    @Test
    void flippedByteInTheSchemaIsRescued() throws Exception {
        Path log = copy(stopped);
        try (var connection = ConnectionSource.sqlite().open(log.resolve(DATABASE))) {
            Sql.pragma(connection, "writable_schema = ON");
            Sql.execute(
                    connection,
                    "UPDATE sqlite_schema SET sql = replace(sql, 'boot ', 'bnot ')" + " WHERE name = 'generation'");
        }

        try (EventLog reopened = Logs.open(log)) {
            assertThat(Logs.events(Logs.pages(reopened, 0, Logs.ALL)))
                    .containsExactlyInAnyOrderElementsOf(published.values());
        }
        assertThat(log.resolve("herald-damaged-1.db")).exists();
    }

    @Test
    void zeroedPagesInTheDatabaseLoseNoEventSilently() throws IOException {
        long pages = Files.size(stopped.resolve(DATABASE)) / 4_096;
        for (long page = 1; page <= pages; page++) {
            Path log = copy(stopped);
            zero(log.resolve(DATABASE), (page - 1) * 4_096);

            check(log, "page " + page + " of zeros", false);
        }
    }

    @Test
    void truncatedWriteAheadLogLosesNoEventInTheMiddleSilently() throws IOException {
        long size = Files.size(killed.resolve(WRITE_AHEAD_LOG));
        for (long length = 0; length < size; length += size / 40 + 1) {
            Path log = copy(killed);
            cut(log.resolve(WRITE_AHEAD_LOG), length);

            check(log, "write-ahead log cut to " + length, true);
        }
    }

    @Test
    void flippedBytesInTheWriteAheadLogLoseNoEventInTheMiddleSilently() throws IOException {
        long size = Files.size(killed.resolve(WRITE_AHEAD_LOG));
        Random random = random();
        for (int i = 0; i < 60; i++) {
            Path log = copy(killed);
            long offset = i == 0 ? 0 : i == 1 ? size - 1 : random.nextLong(size);
            flip(log.resolve(WRITE_AHEAD_LOG), offset);

            check(log, "write-ahead log flipped at " + offset, true);
        }
    }

    @Test
    void tornTailOfTheWriteAheadLogIsNoLoss() throws IOException {
        Path log = copy(killed);
        try (RandomAccessFile file =
                new RandomAccessFile(log.resolve(WRITE_AHEAD_LOG).toFile(), "rw")) {
            byte[] frameHeader = new byte[24];
            file.seek(32);
            file.readFully(frameHeader);
            frameHeader[4] = frameHeader[5] = frameHeader[6] = frameHeader[7] = 0;
            file.seek(file.length());
            file.write(frameHeader);
            file.write(new byte[1_000]);
        }

        try (EventLog reopened = Logs.open(log)) {
            List<Page> pages = Logs.pages(reopened, 0, Logs.ALL);
            assertThat(Logs.events(pages)).hasSize(EVENTS);
            assertThat(Logs.tellOfAGap(pages, 0)).isFalse();
        }
    }

    @Test
    void killBetweenTheTwoHalvesOfACommitIsNoLoss() throws IOException {
        Path written = directory.resolve("written");
        Path before = directory.resolve("before");
        Path after = directory.resolve("after");
        try (EventLog log = Logs.open(written)) {
            Logs.append(log, 10);
            copy(written, before);
            Logs.append(log, 1);
            copy(written, after);
        }
        // The frame's header marks a commit; its page, the index entry and the acknowledgement are still missing.
        zero(after.resolve(WRITE_AHEAD_LOG), Files.size(after.resolve(WRITE_AHEAD_LOG)) - 4_096);
        for (String name : List.of(INDEX, HEAD)) {
            Files.copy(before.resolve(name), after.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }

        try (EventLog reopened = Logs.open(after)) {
            List<Page> pages = Logs.pages(reopened, 0, Logs.ALL);
            assertThat(Logs.events(pages)).hasSize(10);
            assertThat(Logs.tellOfAGap(pages, 0)).isFalse();
        }
    }

    @Test
    void positionLostInACrashIsNotReused() throws IOException {
        Path log = copy(killed);
        cut(log.resolve(WRITE_AHEAD_LOG), Files.size(log.resolve(WRITE_AHEAD_LOG)) / 2);

        try (EventLog reopened = Logs.open(log)) {
            assertThat(done(reopened.append(Logs.update("news", "next"))).position())
                    .isGreaterThan(EVENTS);
        }
    }

    @Test
    void lossIsLoggedOnceWithItsFileAndPositions() throws Exception {
        Path log = copy(stopped);
        try (var connection = ConnectionSource.sqlite().open(log.resolve(DATABASE))) {
            Sql.execute(connection, "UPDATE event SET flags = 1 WHERE position = 200");
        }
        try (CapturedMessages complaints = new CapturedMessages(CorruptionReport.class.getName(), Level.SEVERE);
                EventLog reopened = Logs.open(log)) {
            Logs.pages(reopened, 0, Logs.ALL);
            Logs.pages(reopened, 0, Logs.ALL);

            assertThat(complaints.messages())
                    .singleElement()
                    .asString()
                    .contains("file=" + log.resolve(DATABASE), "positions=200-200");
        }
    }

    @Test
    void lossOfOtherTopicsIsNotReportedToAReaderOfOneTopic() throws Exception {
        Path log = copy(stopped);
        try (var connection = ConnectionSource.sqlite().open(log.resolve(DATABASE))) {
            Sql.execute(connection, "UPDATE event SET data = x'00' WHERE position = 200");
        }
        TopicSelector lost = TopicSelector.parse("topic-" + 199 % 3);
        TopicSelector second = TopicSelector.parse("topic-" + 200 % 3);
        TopicSelector third = TopicSelector.parse("topic-" + 201 % 3);

        try (EventLog reopened = Logs.open(log)) {
            for (List<TopicSelector> others : List.of(List.of(second), List.of(third), List.of(second, third))) {
                assertThat(Logs.tellOfAGap(Logs.pages(reopened, 0, others), 0)).isFalse();
            }
            assertThat(Logs.tellOfAGap(Logs.pages(reopened, 0, List.of(lost)), 0))
                    .isTrue();
            assertThat(Logs.tellOfAGap(Logs.pages(reopened, 0, List.of(lost, second)), 0))
                    .isTrue();
            assertThat(Logs.tellOfAGap(Logs.pages(reopened, 0, Logs.ALL), 0)).isTrue();
        }
    }

    /** Opens the damaged log twice, since the first start may replace the file. */
    private void check(Path log, String damage, boolean mayLoseTheEnd) {
        for (int opening = 1; opening <= 2; opening++) {
            String as = damage + ", opening " + opening;
            try (EventLog reopened = Logs.open(log)) {
                serves(reopened, as);
                long head = reopened.recent().head();
                if (!mayLoseTheEnd) {
                    assertThat(head)
                            .as("%s: the end is there or known to be lost", as)
                            .isGreaterThanOrEqualTo(EVENTS);
                }
                Optional<Event> next = append(reopened);
                next.ifPresent(event -> assertThat(event.position()).as(as).isGreaterThan(EVENTS));
                next.ifPresent(event -> published.put(event.position(), event));
            } catch (EventLogException refused) {
                assertThat(refused.getMessage()).as(as).containsAnyOf(REFUSALS);
            }
        }
        published.keySet().removeIf(position -> position > EVENTS);
    }

    private void serves(EventLog log, String as) {
        List<Page> pages = Logs.pages(log, 0, Logs.ALL);
        List<Event> events = Logs.events(pages);
        assertThat(events).as("%s: nothing but what was published", as).allSatisfy(event -> assertThat(event)
                .isEqualTo(published.get(event.position())));
        assertThat(events).extracting(Event::position).as(as).isSorted().doesNotHaveDuplicates();
        missingEventsAreReported(pages, as);
        for (int i = 0; i < 3; i++) {
            List<TopicSelector> one = List.of(TopicSelector.parse("topic-" + i));
            assertThat(Logs.events(Logs.pages(log, 0, one))).as(as).allSatisfy(event -> assertThat(event)
                    .isEqualTo(published.get(event.position())));
            looksBack(log, one, as);
        }
        looksBack(log, Logs.ALL, as);
    }

    /** Looks back from positions with events, present or lost. */
    private static void looksBack(EventLog log, List<TopicSelector> selectors, String as) {
        long from = log.recent().head() + 1;
        while (from > Lookback.BEGINNING) {
            Lookback seen = done(log.lookBack(from - 1, EVENTS, selectors, List.of()));
            assertThat(seen.from()).as(as).isLessThan(from);
            long before = from;
            assertThat(seen.positions()).as(as).allMatch(position -> position >= seen.from() && position < before);
            from = seen.from();
        }
    }

    /** Verifies that each published event between two served ones is served or reported as a gap. */
    private void missingEventsAreReported(List<Page> pages, String as) {
        long at = 0;
        for (Page page : pages) {
            at = Math.max(at, page.after());
            for (Event event : page.events()) {
                long from = at;
                assertThat(published.keySet())
                        .as("%s: silently missing before %d", as, event.position())
                        .noneMatch(position -> position > from && position < event.position());
                at = event.position();
            }
            at = Math.max(at, page.through());
        }
    }

    private static Optional<Event> append(EventLog log) {
        try {
            return Optional.of(done(log.append(Logs.update("topic-0", "after the damage"))));
        } catch (RuntimeException refused) {
            assertThat(refused).hasCauseInstanceOf(EventLogException.class);
            assertThat(log.writable()).isFalse();
            return Optional.empty();
        }
    }

    private static Random random() {
        long seed = System.nanoTime();
        System.out.println("DamageTest seed=" + seed);
        return new Random(seed);
    }

    private Path copy(Path log) throws IOException {
        return copy(log, directory.resolve("copy-" + ++copies));
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(from)) {
            listed.filter(file -> !file.endsWith("herald.lock")).forEach(files::add);
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
        return to;
    }

    private static void cut(Path path, long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
    }

    private static void flip(Path path, long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            int value = file.read();
            file.seek(offset);
            file.write(~value);
        }
    }

    private static void zero(Path path, long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            file.write(new byte[4_096]);
        }
    }
}
