package dev.herald.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Directories.copy;
import static dev.herald.Directories.delete;
import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the start position of a resuming client (PROTOCOL E6, E11) after a restart, an eviction from memory, a
 * deletion of the directory, or a restored backup. The client resumes exactly after its id, without gap or duplicate,
 * or it gets a gap and all retained events. An id that cannot be of this log (forged, truncated, long, of another hub)
 * is a gap, never a failure. Missed transient events are not sent again.
 */
class ResumingTest {
    private static final Topic NEWS = new Topic("news");
    private static final Topic PRESENCE = new Topic("presence");
    private static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);
    private static final int RECENT_BYTES = 1 << 20;

    @TempDir
    Path folder;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    private final EventExecutor loop = new DefaultEventExecutor();
    private Path directory;
    private EventLog log;
    private Hub hub;

    @BeforeEach
    void begin() {
        directory = folder.resolve("data");
        start(RECENT_BYTES);
    }

    @AfterEach
    void end() {
        stop();
        loop.shutdownGracefully();
    }

    private void start(int recentBytes) {
        log = SqliteEventLog.open(
                directory, Durability.COMMIT, PLENTY, recentBytes, 10_000, MemoryBudget.unlimited(), Clock.systemUTC());
        hub = new Hub(log, TestConfig.QUIET);
    }

    private void stop() {
        hub.close();
        log.close();
    }

    private void restart() {
        stop();
        start(RECENT_BYTES);
    }

    private Event publish(int number) {
        return done(log.append(Update.of(NEWS, "event " + number)));
    }

    private Event appendTransient() {
        return done(log.appendTransient(Update.of(PRESENCE, "{}")));
    }

    private StartPosition.At resume(String lastEventId) {
        return resume(lastEventId, List.of(new TopicSelector.Exact(PRESENCE)));
    }

    private StartPosition.At resume(String lastEventId, List<TopicSelector> grants) {
        Subscription subscription =
                new Subscription(List.of(new TopicSelector.Any()), grants, Optional.of(lastEventId), true);
        return (StartPosition.At) done(hub.locate(subscription, Runnable::run, () -> false));
    }

    /** Data of the stored events after a start. */
    private List<String> dataAfter(StartPosition.At start) {
        List<String> data = new ArrayList<>();
        long at = start.position();
        while (at < log.recent().newestKept()) {
            var page = done(log.read(at, List.of(new TopicSelector.Any()), Integer.MAX_VALUE));
            page.events().forEach(event -> data.add(event.data().toString()));
            at = page.through();
        }
        return data;
    }

    @Test
    void idOfAPurgedEventResumesExactlyAfterItsPlaceAlsoAfterARestart() {
        publish(1);
        Event purged = publish(2);
        publish(3);
        done(log.purge(new Purge.OfId(purged.id())));

        for (int start = 1; start <= 2; start++) {
            StartPosition.At resumed = resume(purged.id().value(), List.of());
            assertThat(resumed).isEqualTo(StartPosition.after(purged.position()));
            assertThat(dataAfter(resumed)).containsExactly("event 3");
            restart();
        }
    }

    @Test
    void idOfAPurgedPrivateEventIsAGapLikeAnUnknownOne() {
        publish(1);
        Event purged = done(log.append(
                new Update(List.of(PRESENCE), "{}", true, Optional.empty(), Optional.empty(), OptionalLong.empty())));
        done(log.purge(new Purge.OfId(purged.id())));

        assertThat(resume(purged.id().value())).isEqualTo(StartPosition.lost(0));
    }

    @Test
    void earlierPurgedEventOfARepeatedIdIsThePlaceToResume() {
        Update first = new Update(
                List.of(PRESENCE),
                "first",
                false,
                Optional.of(new EventId("twice")),
                Optional.empty(),
                OptionalLong.empty());
        Event purged = done(log.append(first));
        done(log.purge(new Purge.OfTopic(PRESENCE)));
        publish(2);
        done(log.append(new Update(
                List.of(NEWS),
                "again",
                false,
                Optional.of(new EventId("twice")),
                Optional.empty(),
                OptionalLong.empty())));

        assertThat(dataAfter(resume("twice", List.of()))).containsExactly("event 2", "again");
        assertThat(purged.position()).isEqualTo(1);
    }

    @Test
    void transientEventIdResumesWhileTheEventIsInMemory() {
        publish(1);
        Event transientEvent = appendTransient();
        publish(2);

        assertThat(resume(transientEvent.id().value())).isEqualTo(StartPosition.after(transientEvent.position()));
    }

    @Test
    void transientEventIdResumesAfterARestart() {
        publish(1);
        appendTransient();
        Event last = appendTransient();
        publish(2);
        publish(3);
        restart();

        StartPosition.At start = resume(last.id().value());

        assertThat(start.lost()).isFalse();
        assertThat(dataAfter(start)).as("neither a duplicate nor a gap").containsExactly("event 2", "event 3");
    }

    @Test
    void transientEventIdResumesAfterEvictionFromMemory() {
        stop();
        start(1);
        publish(1);
        Event first = appendTransient();
        appendTransient();
        publish(2);
        publish(3);

        StartPosition.At start = resume(first.id().value());

        assertThat(log.recent().transientEvent(first.id())).isEmpty();
        assertThat(start.lost()).isFalse();
        assertThat(dataAfter(start)).containsExactly("event 2", "event 3");
    }

    /** A subscriber to presence that has seen the transient events gets no duplicates. */
    @Test
    void idsOf500TransientEventsAreKnownAfterARestart() {
        List<Event> crowd = new ArrayList<>();
        Event first = publish(1);
        for (int i = 0; i < 500; i++) {
            crowd.add(appendTransient());
        }
        restart();

        assertThat(crowd).allSatisfy(event -> assertThat(resume(event.id().value()))
                .isEqualTo(StartPosition.after(first.position())));
    }

    @Test
    void transientEventIdBehindTheHorizonIsAGap() {
        publish(1);
        Event transientEvent = appendTransient();
        for (int i = 2; i < 20; i++) {
            publish(i);
        }
        stop();
        log = SqliteEventLog.open(
                directory,
                Durability.COMMIT,
                Retention.of(5, 1L << 30),
                RECENT_BYTES,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
        hub = new Hub(log, TestConfig.QUIET);
        publish(20);

        assertThat(resume(transientEvent.id().value()).lost()).isTrue();
    }

    @Test
    void transientEventIdIsUnknownWithoutAnyGrant() {
        publish(1);
        Event transientEvent = appendTransient();
        publish(2);
        restart();

        assertThat(resume(transientEvent.id().value(), List.of()).lost()).isTrue();
    }

    @Test
    void transientEventIdOfAnotherLogIsAGap() {
        publish(1);
        publish(2);
        try (EventLog other = SqliteEventLog.open(
                folder.resolve("other"),
                Durability.COMMIT,
                PLENTY,
                RECENT_BYTES,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC())) {
            done(other.append(Update.of(NEWS, "1")));
            Event foreign = done(other.appendTransient(Update.of(PRESENCE, "{}")));

            assertThat(resume(foreign.id().value()).lost()).isTrue();
        }
    }

    static Stream<String> noPositionsOfThisLog() {
        Random random = new Random(11);
        byte[] bytes = new byte[36];
        random.nextBytes(bytes);
        return Stream.of(
                "#",
                "##",
                "#=",
                "#é",
                "#" + "A".repeat(48),
                "#" + "A".repeat(10_000),
                "#" + Base64.getUrlEncoder().encodeToString(bytes),
                " ",
                "\u0000",
                "a\r\nb",
                "\ud800",
                "x".repeat(10_000),
                "urn:uuid:" + new UUID(0x0193_7000_0000_7000L, 0x8000_0000_0000_0000L),
                "urn:uuid:" + "f".repeat(10_000),
                "-1",
                "9223372036854775808",
                "latest");
    }

    @ParameterizedTest
    @MethodSource("noPositionsOfThisLog")
    void idThatIsNoPositionOfThisLogIsAGap(String lastEventId) {
        publish(1);

        assertThat(resume(lastEventId)).isEqualTo(StartPosition.lost(0));
    }

    @Test
    void truncatedOrModifiedCursorIsAGap() {
        publish(1);
        String cursor = log.cursors().seal(log.recent().head());

        assertThat(resume(cursor).lost()).isFalse();
        for (int i = 1; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(resume(cursor.substring(0, i)).lost()).as("cut at %d", i).isTrue();
            assertThat(resume(cursor.substring(0, i) + other + cursor.substring(i + 1))
                            .lost())
                    .as("changed at %d", i)
                    .isTrue();
        }
    }

    /** A new log has a new key, so no cursor of the old one opens, even if the old log was deleted while open. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void idsAndCursorsOfADeletedLogAreGaps(boolean open) throws IOException {
        logged.allow("The log rejects updates.");
        publish(1);
        Event event = publish(2);
        Event transientEvent = appendTransient();
        String cursor = log.cursors().seal(log.recent().head());
        EventLog old = log;
        if (!open) {
            old.close();
        }
        delete(directory);
        start(RECENT_BYTES);
        publish(1);
        publish(2);
        publish(3);

        assertThat(resume(cursor).lost()).isTrue();
        assertThat(resume(event.id().value()).lost()).isTrue();
        assertThat(resume(transientEvent.id().value()).lost()).isTrue();
        old.close();
    }

    @Test
    void cursorAheadOfARestoredBackupIsAGap() throws IOException {
        publish(1);
        stop();
        Path backup = folder.resolve("backup");
        copy(directory, backup);
        start(RECENT_BYTES);
        publish(2);
        publish(3);
        String cursor = log.cursors().seal(log.recent().head());
        stop();
        delete(directory);
        copy(backup, directory);
        start(RECENT_BYTES);
        for (int i = 102; i < 110; i++) {
            publish(i);
        }

        assertThat(resume(cursor).lost()).isTrue();
    }

    /** A backup of a running hub's files, with its write-ahead log, looks like the files after a kill. */
    @Test
    void cursorAheadOfARestoredBackupOfARunningHubIsAGap() throws IOException {
        publish(1);
        Path backup = folder.resolve("backup");
        copy(directory, backup);
        publish(2);
        publish(3);
        String cursor = log.cursors().seal(log.recent().head());
        stop();
        delete(directory);
        copy(backup, directory);
        start(RECENT_BYTES);
        for (int i = 102; i < 110; i++) {
            publish(i);
        }

        assertThat(resume(cursor).lost()).isTrue();
    }

    @Test
    void cursorAheadOfARestoredBackupWithoutItsWriteAheadLogIsAGap() throws IOException {
        logged.expect("The log was not closed");
        publish(1);
        Path backup = Files.createDirectory(folder.resolve("backup"));
        Files.copy(directory.resolve("herald.db"), backup.resolve("herald.db"));
        publish(2);
        publish(3);
        String cursor = log.cursors().seal(log.recent().head());
        stop();
        delete(directory);
        copy(backup, directory);
        start(RECENT_BYTES);
        Event next = publish(102);

        assertThat(resume(cursor).lost()).isTrue();
        var page = done(log.read(log.horizon(), List.of(new TopicSelector.Any()), Integer.MAX_VALUE));
        assertThat(page.events()).containsExactly(next);
    }

    /** Opens a log that lost events after the third: 1, 2, 3, a loss, 102. Returns the third and the last event. */
    private List<Event> withALossInTheMiddle() throws IOException {
        logged.expect("The log was not closed");
        publish(1);
        publish(2);
        Event third = publish(3);
        restart();
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.copy(directory.resolve("herald.db"), copy.resolve("herald.db"));
        stop();
        directory = copy;
        start(RECENT_BYTES);
        return List.of(third, publish(102));
    }

    private RecordingOutlet openWithoutSignals(String lastEventId) {
        return new RecordingOutlet(loop)
                .open(
                        hub,
                        new Subscription(List.of(new TopicSelector.Any()), List.of(), Optional.of(lastEventId), false));
    }

    @Test
    void streamWithoutSignalsStartsAfterTheLossAndReportsItInTheHeader() throws IOException {
        List<Event> events = withALossInTheMiddle();
        Subscription silent = new Subscription(
                List.of(new TopicSelector.Any()),
                List.of(),
                Optional.of(events.get(0).id().value()),
                false);

        StartPosition.At start = (StartPosition.At) done(hub.locate(silent, loop, () -> false));

        assertThat(start.lost()).as("source of the header").isTrue();
        assertThat(dataAfter(start)).containsExactly("event 102");
    }

    @Test
    void clientWithoutSignalsPassesALossByReconnecting() throws IOException {
        Event last = withALossInTheMiddle().get(1);
        String lastEventId = EventId.EARLIEST;
        List<String> received = new ArrayList<>();

        for (int connection = 0; connection < 3 && !lastEventId.equals(last.id().value()); connection++) {
            RecordingOutlet outlet = openWithoutSignals(lastEventId);
            eventually().until(() -> outlet.closed() || outlet.data().contains("event 102"));
            received.addAll(outlet.data());
            lastEventId = outlet.lastId();
            outlet.cancel();
        }

        assertThat(received).containsExactly("event 1", "event 2", "event 3", "event 102");
    }

    @Test
    void streamThatCrossesALossGetsOneGapAndResumesAfterItWithoutAnother() throws IOException {
        List<Event> events = withALossInTheMiddle();
        String id = events.get(0).id().value();

        RecordingOutlet crossing = open(id);

        eventually().until(() -> crossing.data().contains("event 102"));
        assertThat(crossing.gaps()).singleElement().asString().contains("\"requested\":\"" + id + "\"");
        RecordingOutlet behind = open(events.get(1).id().value());
        publish(103);
        eventually().until(() -> behind.data().contains("event 103"));
        assertThat(behind.gaps()).isEmpty();
    }

    private RecordingOutlet open(String lastEventId) {
        return new RecordingOutlet(loop)
                .open(
                        hub,
                        new Subscription(List.of(new TopicSelector.Any()), List.of(), Optional.of(lastEventId), true));
    }

    /** Log and cursor of schema 1, whose number had another meaning than a position has now. */
    @Test
    void cursorOfSchema1IsAGapOnce() throws IOException {
        stop();
        directory = Files.createDirectory(folder.resolve("migrated"));
        try (InputStream file = getClass().getResourceAsStream("/log/schema-1.db")) {
            Files.copy(file, directory.resolve("herald.db"));
        }
        start(RECENT_BYTES);

        RecordingOutlet first = open("#cIDIx5o2vNasBQKOi6KOSgIx8ngHr2l8lsBmRQcQkcvPLVH9");
        eventually().until(() -> first.data().contains("eight"));
        assertThat(first.gaps()).hasSize(1);

        RecordingOutlet second = open(first.lastId());
        publish(10);
        eventually().until(() -> second.data().contains("event 10"));
        assertThat(second.gaps()).isEmpty();
    }
}
