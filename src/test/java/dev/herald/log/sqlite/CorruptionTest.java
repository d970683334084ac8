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
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Rounds;
import dev.herald.event.Event;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with truncated files and flipped bytes in the database and its write-ahead log, at many offsets. All served
 * events are as published, missing ones between them are reported as a gap, and a log is never replaced silently.
 */
class CorruptionTest {
    /** Messages of a start that fails instead of serving what is left. */
    private static final String[] START_FAILURES = {
        "Restore a copy of it, or move it away", "or restore a copy if it was one", "was written by a newer Herald"
    };

    private static final String RESCUE = "The log's file is damaged; its readable events are copied into a new one";
    private static final String LOST_EVENTS = "Events of the log are lost, since its file is damaged";
    private static final String LOST_END = "The newest events are missing";

    /** Log lines that a byte at a random offset may cause. */
    private static final String[] DAMAGE = {
        RESCUE,
        LOST_EVENTS,
        LOST_END,
        "The log's file is damaged. Readable events are served.",
        "The key of the log's cursors is lost",
        "The log's generations are lost",
        "Revocations of the log are lost",
        "Idempotency keys of the log are lost",
        "The log rejects updates.",
        "The log was not closed, and",
        "The log could not be closed cleanly.",
        "The machine stopped while the log was open",
    };

    private static final int EVENTS = 400;
    private static final String DATABASE = "herald.db";
    private static final String WRITE_AHEAD_LOG = "herald.db-wal";
    private static final String INDEX = "herald.db-shm";
    private static final String HEAD = "herald.head";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

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
                Event event = append(log, Logs.update("topic-" + i % 3, i + "x".repeat(i % 50 * 10)), i % 4 == 0);
                published.put(event.position(), event);
            }
            copy(stopped, killed);
        }
    }

    /** Appends an update, with or without a key, so that the file has pages of keys, too. */
    private static Event append(EventLog log, Update update, boolean keyed) {
        if (!keyed) {
            return done(log.append(update));
        }
        Fingerprint content = new Fingerprint.Builder().add(update.data()).build();
        done(log.append(new UpdateBatch(List.of(update), Optional.of(new IdempotencyKey(content, content)))));
        return log.recent().newest(event -> true).orElseThrow();
    }

    @Test
    void truncatedDatabaseLosesNoEventSilently() throws IOException {
        logged.expect(RESCUE);
        logged.allow(DAMAGE);

        checkTruncated(stopped, DATABASE, false);
    }

    @Test
    void flippedBytesInTheDatabaseLoseNoEventSilently() throws IOException {
        logged.expect(RESCUE);
        logged.allow(DAMAGE);

        checkFlipped(stopped, DATABASE, false);
    }

    /** Both numbers are in the header of the file, where no checksum protects them (SQLite file format §1.3). */
    @Test
    void flippedByteInTheVersionOrTheApplicationIdIsRescuedOrRejected() throws IOException {
        logged.expect(RESCUE);
        logged.allow(DAMAGE);
        for (long offset : new long[] {60, 61, 62, 63, 68, 69, 70, 71}) {
            Path log = copy(stopped);
            flip(log.resolve(DATABASE), offset);

            check(log, "flipped at " + offset, false);
        }
    }

    @Test
    void flippedByteInTheSchemaIsRescued() throws Exception {
        logged.expect(RESCUE, "The log's generations are lost", "The log was not closed, and");
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
        logged.expect(RESCUE);
        logged.allow(DAMAGE);
        long pages = Files.size(stopped.resolve(DATABASE)) / 4_096;
        for (long page = 1; page <= pages; page++) {
            Path log = copy(stopped);
            zero(log.resolve(DATABASE), (page - 1) * 4_096);

            check(log, "page " + page + " of zeros", false);
        }
    }

    @Test
    void truncatedWriteAheadLogLosesNoEventInTheMiddleSilently() throws IOException {
        logged.expect(LOST_END);
        logged.allow(DAMAGE);

        checkTruncated(killed, WRITE_AHEAD_LOG, true);
    }

    @Test
    void flippedBytesInTheWriteAheadLogLoseNoEventInTheMiddleSilently() throws IOException {
        logged.expect(LOST_END);
        logged.allow(DAMAGE);

        checkFlipped(killed, WRITE_AHEAD_LOG, true);
    }

    private void checkTruncated(Path log, String file, boolean mayLoseTheEnd) throws IOException {
        long size = Files.size(log.resolve(file));
        for (long length = 0; length < size; length += size / 40) {
            Path damaged = copy(log);
            cut(damaged.resolve(file), length);

            check(damaged, file + " cut to " + length, mayLoseTheEnd);
        }
    }

    private void checkFlipped(Path log, String file, boolean mayLoseTheEnd) throws IOException {
        long size = Files.size(log.resolve(file));
        Random random = random();
        for (int i = 0; i < Rounds.of(20, 200); i++) {
            Path damaged = copy(log);
            long offset = i == 0 ? 0 : i == 1 ? size - 1 : random.nextLong(size);
            flip(damaged.resolve(file), offset);

            check(damaged, file + " flipped at " + offset, mayLoseTheEnd);
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
            assertThat(Logs.hasGap(pages, 0)).isFalse();
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
            assertThat(Logs.hasGap(pages, 0)).isFalse();
        }
    }

    @Test
    void positionLostInACrashIsNotReused() throws IOException {
        logged.expect(LOST_END);
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
        try (EventLog reopened = Logs.open(log)) {
            Logs.pages(reopened, 0, Logs.ALL);
            Logs.pages(reopened, 0, Logs.ALL);

            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith(LOST_EVENTS)
                    .contains("file=" + log.resolve(DATABASE), "positions=200-200");
        }
    }

    @Test
    void lossOfOtherTopicsIsNotReportedToAReaderOfOneTopic() throws Exception {
        logged.expect(LOST_EVENTS);
        Path log = copy(stopped);
        try (var connection = ConnectionSource.sqlite().open(log.resolve(DATABASE))) {
            Sql.execute(connection, "UPDATE event SET data = x'00' WHERE position = 200");
        }
        TopicSelector lost = TopicSelector.parse("topic-" + 199 % 3);
        TopicSelector second = TopicSelector.parse("topic-" + 200 % 3);
        TopicSelector third = TopicSelector.parse("topic-" + 201 % 3);

        try (EventLog reopened = Logs.open(log)) {
            for (List<TopicSelector> others : List.of(List.of(second), List.of(third), List.of(second, third))) {
                assertThat(Logs.hasGap(Logs.pages(reopened, 0, others), 0)).isFalse();
            }
            assertThat(Logs.hasGap(Logs.pages(reopened, 0, List.of(lost)), 0)).isTrue();
            assertThat(Logs.hasGap(Logs.pages(reopened, 0, List.of(lost, second)), 0))
                    .isTrue();
            assertThat(Logs.hasGap(Logs.pages(reopened, 0, Logs.ALL), 0)).isTrue();
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
                            .as("%s: the end is retained or reported as lost", as)
                            .isGreaterThanOrEqualTo(EVENTS);
                }
                Optional<Event> next = append(reopened);
                next.ifPresent(event -> assertThat(event.position()).as(as).isGreaterThan(EVENTS));
                next.ifPresent(event -> published.put(event.position(), event));
            } catch (EventLogException rejected) {
                assertThat(rejected.getMessage()).as(as).containsAnyOf(START_FAILURES);
            }
        }
        published.keySet().removeIf(position -> position > EVENTS);
    }

    private void serves(EventLog log, String as) {
        List<Page> pages = Logs.pages(log, 0, Logs.ALL);
        List<Event> events = Logs.events(pages);
        assertThat(events).as("%s: only published events", as).allSatisfy(event -> assertThat(event)
                .isEqualTo(published.get(event.position())));
        assertThat(events).extracting(Event::position).as(as).isSorted().doesNotHaveDuplicates();
        missingEventsAreReported(pages, as);
        for (int i = 0; i < 3; i++) {
            List<TopicSelector> one = List.of(TopicSelector.parse("topic-" + i));
            assertThat(Logs.events(Logs.pages(log, 0, one))).as(as).allSatisfy(event -> assertThat(event)
                    .isEqualTo(published.get(event.position())));
            looksBack(log, one, as);
            takesASnapshot(log, one, as);
        }
        looksBack(log, Logs.ALL, as);
        takesASnapshot(log, Logs.ALL, as);
    }

    /** Reads the newest event of each topic, as far as they are readable. */
    private void takesASnapshot(EventLog log, List<TopicSelector> selectors, String as) {
        assertThat(Logs.events(snapshot(log, selectors)))
                .as("%s: only published events", as)
                .allSatisfy(event -> assertThat(event).isEqualTo(published.get(event.position())))
                .extracting(Event::position)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /** Pages of the newest event of each topic. */
    private static List<Page> snapshot(EventLog log, List<TopicSelector> selectors) {
        TopicSnapshot snapshot = done(log.latest(selectors, Logs.ALL, () -> false));
        List<Page> pages = new ArrayList<>();
        for (long at = snapshot.start(); at < snapshot.asOf(); ) {
            Page page = done(log.read(snapshot, at, selectors, 1));
            assertThat(page.through()).as("a page of a snapshot advances").isGreaterThan(at);
            pages.add(page);
            at = page.through();
        }
        return pages;
    }

    /** If its topics are damaged, too, an older event is found in its place. */
    @ParameterizedTest
    @ValueSource(strings = {"data = x'00'", "id = x'00'", "topics = 'other'", "topics = ''"})
    void q18DamagedNewestEventOfATopicIsAGap(String damage) throws Exception {
        logged.expect(LOST_EVENTS);
        Path log = copy(stopped);
        try (var connection = ConnectionSource.sqlite().open(log.resolve(DATABASE))) {
            Sql.execute(connection, "UPDATE event SET " + damage + " WHERE position = 399");
        }

        try (EventLog reopened = Logs.open(log)) {
            for (List<TopicSelector> selectors : List.of(
                    Logs.ALL,
                    List.of(TopicSelector.parse("topic-{number}")),
                    Stream.of("topic-0", "topic-1", "topic-2")
                            .map(TopicSelector::parse)
                            .toList())) {
                List<Page> pages = snapshot(reopened, selectors);

                assertThat(Logs.events(pages))
                        .extracting(Event::position)
                        .isEqualTo(damage.startsWith("topics") ? List.of(396L, 398L, 400L) : List.of(398L, 400L));
                assertThat(Logs.hasGap(pages, pages.get(0).after())).as("gap").isTrue();
            }
        }
    }

    /** Until the next start has rescued the file, the events are scanned. */
    @Test
    void q18SnapshotNeedsNoIndex() throws Exception {
        logged.expect("The log's file is damaged. Readable events are served.");
        Path log = copy(stopped);
        long root;
        try (var connection = ConnectionSource.sqlite().open(log.resolve(DATABASE))) {
            root = Sql.number(connection, "SELECT rootpage FROM sqlite_schema WHERE name = 'event_topic'");
        }
        try (EventLog reopened = Logs.open(log)) {
            zero(log.resolve(DATABASE), (root - 1) * 4_096);

            TopicSnapshot snapshot = done(reopened.latest(Logs.ALL, Logs.ALL, () -> false));

            assertThat(snapshot.complete()).isTrue();
            assertThat(snapshot.positions(0, 10)).containsExactly(398L, 399L, 400L);
        }
    }

    /** Runs lookbacks from positions of events, readable or lost. */
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
        } catch (RuntimeException rejected) {
            assertThat(rejected).hasCauseInstanceOf(EventLogException.class);
            assertThat(log.writable()).isFalse();
            return Optional.empty();
        }
    }

    private static Random random() {
        long seed = System.nanoTime();
        System.out.println("CorruptionTest seed=" + seed);
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
