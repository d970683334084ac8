package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.MovingClock;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.KeyQuotaContract;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Lookback;
import dev.herald.log.Retention;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class SqliteEventLogTest extends KeyQuotaContract {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    private final AtomicInteger logs = new AtomicInteger();

    @Override
    protected EventLog create(long maxEvents, long maxBytes) {
        return create(Retention.of(maxEvents, maxBytes), Clock.systemUTC());
    }

    @Override
    protected EventLog create(Retention retention, Clock clock) {
        return SqliteEventLog.open(
                directory.resolve("log-" + logs.incrementAndGet()),
                Durability.COMMIT,
                retention,
                Logs.RECENT_BYTES,
                100_000,
                MemoryBudget.unlimited(),
                clock);
    }

    @Test
    void allEventsSurviveARestart() {
        List<Event> events;
        String cursor;
        try (EventLog log = Logs.open(directory, Retention.of(50, 1L << 30))) {
            events = Logs.append(log, 80).subList(30, 80);
            cursor = log.cursors().seal(42);
        }

        try (EventLog log = Logs.open(directory, Retention.of(50, 1L << 30))) {
            assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).isEqualTo(events);
            assertThat(log.horizon()).isEqualTo(30);
            assertThat(log.recent().head()).isEqualTo(80);
            assertThat(log.cursors().open(cursor)).hasValue(42);
            assertThat(done(log.find(events.get(7).id(), List.of()))).contains(events.get(7));
            assertThat(append(log, "next").position()).isEqualTo(81);
        }
    }

    /** PROTOCOL Q15. */
    @Test
    void keysOfAPublisherAreCountedAfterARestart() {
        Retention retention = Retention.of(1_000, 1L << 30).with(new Retention.Keys(Duration.ofMinutes(10), 80));
        try (EventLog log = Logs.open(directory, retention)) {
            assertThat(rejected(log, "greedy", 0, 55)).isZero();
        }

        try (EventLog log = Logs.open(directory, retention)) {
            assertThat(rejected(log, "greedy", 55, 20)).isEqualTo(15);
            assertThat(rejected(log, "modest", 0, 10)).isZero();
        }
    }

    @Test
    void everyFieldOfAnEventSurvivesARestart() {
        Update update = new Update(
                List.of(new Topic("https://example.com/a b"), new Topic("ünïcode")),
                "several\nlines\rof\r\ntext\n",
                true,
                withId("16 bytes of text").id(),
                Optional.of(new EventType("ünïcode")),
                OptionalLong.of(7));
        Event event;
        try (EventLog log = Logs.open(directory)) {
            event = done(log.append(update));
        }

        try (EventLog log = Logs.open(directory)) {
            Event found = done(log.find(event.id(), ALL)).orElseThrow();
            assertThat(found).isEqualTo(event);
            assertThat(found.data()).hasToString(update.data());
            assertThat(found.type()).isEqualTo(update.type());
            assertThat(found.retryMillis()).isEqualTo(update.retryMillis());
            assertThat(readAll(log, 0, List.of(TopicSelector.parse("ünïcode")), NO_LIMIT))
                    .containsExactly(event);
        }
    }

    @Test
    void shortReplayAfterARestartIsServedFromMemory() {
        List<Event> events;
        try (EventLog log = Logs.open(directory)) {
            events = Logs.append(log, 10);
        }

        try (EventLog log = Logs.open(directory)) {
            assertThat(log.recent().after(3, Long.MAX_VALUE, NO_LIMIT).events()).isEqualTo(events.subList(3, 10));
        }
    }

    @Test
    void recentEventsStayWithinTheirBytesAfterARestart() {
        try (EventLog log = Logs.open(directory)) {
            for (int i = 0; i < 40; i++) {
                append(log, "x".repeat(100_000));
            }
        }

        try (EventLog log = Logs.open(directory)) {
            assertThat(log.recent().after(40 - 9, Long.MAX_VALUE, NO_LIMIT).covered())
                    .isTrue();
            assertThat(log.recent().after(40 - 20, Long.MAX_VALUE, NO_LIMIT).covered())
                    .isFalse();
        }
    }

    @Test
    void recreatedLogIsADifferentLog() {
        Event event;
        String cursor;
        try (EventLog log = Logs.open(directory.resolve("log"))) {
            event = append(log, "old");
            cursor = log.cursors().seal(event.position());
        }
        directory.resolve("log").toFile().renameTo(directory.resolve("away").toFile());

        try (EventLog log = Logs.open(directory.resolve("log"))) {
            append(log, "new");

            assertThat(log.cursors().open(cursor)).isEmpty();
            assertThat(done(log.find(event.id(), List.of()))).isEmpty();
        }
    }

    @Test
    void findsARareTopicWithoutReadingOtherEvents() {
        EventLog log = open();
        List<Event> rare = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String topic = i % 2_000 == 1_999 ? "rare" : "common-" + i % 7;
            var answer = log.append(Update.of(new Topic(topic), "" + i));
            if (topic.equals("rare")) {
                rare.add(done(answer));
            }
        }

        var page = done(log.read(0, List.of(TopicSelector.parse("rare")), NO_LIMIT));

        assertThat(page.events()).isEqualTo(rare);
        assertThat(page.through()).isGreaterThanOrEqualTo(rare.get(9).position());
    }

    @Test
    void lookbackFindsARareTopicInOneCall() {
        EventLog log = open();
        List<Long> rare = new ArrayList<>();
        long head = 0;
        for (int i = 0; i < 20_000; i++) {
            String topic = i % 2_000 == 0 ? "rare" : "common-" + i % 7;
            var answer = log.append(Update.of(new Topic(topic), "" + i));
            if (topic.equals("rare")) {
                rare.add(0, done(answer).position());
            } else if (i == 19_999) {
                head = done(answer).position();
            }
        }

        List<TopicSelector> topic = List.of(TopicSelector.parse("rare"));

        assertThat(done(log.lookBack(head, 1_000, topic, List.of()))).isEqualTo(new Lookback(rare, Lookback.BEGINNING));
        assertThat(done(log.lookBack(head, 3, topic, List.of())).positions()).isEqualTo(rare.subList(0, 3));
    }

    @Test
    void readOfManyTopicsIsInLogOrder() {
        EventLog log = open();
        List<Event> wanted = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Event event = done(log.append(new Update(
                    List.of(new Topic("first-" + i % 11), new Topic("other-" + i % 13)),
                    "" + i,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty())));
            if (i % 11 == 3 || i % 13 == 5 || i % 13 == 6) {
                wanted.add(event);
            }
        }

        List<TopicSelector> selectors =
                List.of(TopicSelector.parse("first-3"), TopicSelector.parse("other-5"), TopicSelector.parse("other-6"));

        assertThat(readAll(log, 0, selectors, 2_000)).isEqualTo(wanted);
    }

    @Test
    void retentionByAgeRunsWithoutPublishing() {
        MovingClock clock = new MovingClock();
        Retention week = new Retention(1_000, 1L << 30, Optional.of(Duration.ofDays(7)));
        try (EventLog log = SqliteEventLog.open(
                directory, Durability.COMMIT, week, 1 << 20, 100, MemoryBudget.unlimited(), clock)) {
            Logs.append(log, 10);
            clock.advance(Duration.ofDays(3));
            List<Event> younger = Logs.append(log, 10);

            clock.advance(Duration.ofDays(5));

            eventually().until(() -> log.horizon() == 10);
            assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).isEqualTo(younger);
            clock.advance(Duration.ofDays(500));
            eventually().until(() -> log.horizon() == 19);
        }
    }

    @Test
    void lowerBoundIsReachedInStepsAfterARestart() {
        try (EventLog log = Logs.open(directory)) {
            for (int i = 0; i < 5_000; i++) {
                log.append(Logs.update("news", "" + i));
            }
        }

        try (EventLog log = Logs.open(directory, Retention.of(10, 1L << 30))) {
            eventually().until(() -> log.horizon() == 4_990);
        }
    }

    @Test
    void readersSeeCommittedEventsOnly() throws Exception {
        BlockingCommits source = new BlockingCommits();
        try (EventLog log = Logs.open(directory, source)) {
            Event before = append(log, "before");
            source.hold();
            CompletableFuture<Event> answer = log.append(withId("uncommitted")).toCompletableFuture();
            source.awaitCommit();

            assertThat(answer).isNotDone();
            assertThat(log.recent().head()).isEqualTo(before.position());
            assertThat(done(log.read(0, ALL, NO_LIMIT)).events()).containsExactly(before);
            assertThat(done(log.read(0, List.of(new TopicSelector.Exact(TOPIC)), NO_LIMIT))
                            .events())
                    .containsExactly(before);
            assertThat(done(log.find(new EventId("uncommitted"), List.of()))).isEmpty();
            assertThat(done(log.lookBack(Long.MAX_VALUE, 10, ALL, List.of())).positions())
                    .containsExactly(before.position());
            source.release();

            Event event = done(answer);
            assertThat(done(log.read(0, ALL, NO_LIMIT)).events()).containsExactly(before, event);
            assertThat(done(log.find(event.id(), List.of()))).contains(event);
        }
    }

    @Test
    void forceDurabilityStoresEvents() {
        try (EventLog log = SqliteEventLog.open(
                directory, Durability.FORCE, Logs.PLENTY, 1 << 20, 100, MemoryBudget.unlimited(), Clock.systemUTC())) {
            List<Event> events = Logs.append(log, 20);

            assertThat(readAll(log, 0, ALL, NO_LIMIT)).isEqualTo(events);
        }
    }
}
