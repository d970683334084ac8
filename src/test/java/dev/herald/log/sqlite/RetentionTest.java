package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.MovingClock;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that the files' size on disk follows the retained bytes. */
class RetentionTest {
    private static final long KEPT_BYTES = 4 << 20;

    /** Bytes of the write-ahead log, its index and the pages that may stay free. */
    private static final long ALLOWANCE_BYTES = 20 << 20;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    /** Stored bytes of an event beyond its own, and for each topic after its first. */
    private static final long BYTES_AN_EVENT = 170;

    private static final long BYTES_A_TOPIC = 70;
    private static final int FACTOR = 3;

    /** Sizes with the most overhead: hardly any data, rows of which two do not fit on a page, and topics only. */
    @ParameterizedTest(name = "data of {0} bytes, {1} topics, each {2} bytes longer than usual")
    @CsvSource({"2, 1, 0", "60, 3, 0", "1900, 1, 0", "9000, 1, 0", "2, 250, 4000"})
    void filesStayWithinThreeTimesTheRetainedBytes(int bytes, int topics, int longer) throws Exception {
        Random random = new Random(7);
        long size = 0;
        long kept;
        try (EventLog log = Logs.open(directory, Retention.of(1_000_000, KEPT_BYTES))) {
            for (long passed = 0; passed < 3 * KEPT_BYTES; passed += size) {
                var answer = log.append(update(random, bytes, topics, longer));
                if (size == 0 || random.nextInt(500) == 0) {
                    size = done(answer).size();
                    assertThat(size()).isLessThan(FACTOR * kept(log, size, topics) + ALLOWANCE_BYTES);
                }
            }
            eventually().until(() -> log.horizon() > 0);
            eventually().untilAsserted(() -> assertThat((log.recent().head() - log.horizon())
                            * (double) log.recent()
                                    .newest(any -> true)
                                    .orElseThrow()
                                    .size())
                    .isLessThan(1.1 * KEPT_BYTES));
            kept = kept(log, size, topics);
        }
        assertThat(size()).as("after a clean stop").isLessThan(FACTOR * kept);
    }

    private static Update update(Random random, int bytes, int topics, int longer) {
        return new Update(
                random.ints(topics, 0, 10_000)
                        .mapToObj(number -> new Topic("https://example.com/things/" + number + "x".repeat(longer)))
                        .toList(),
                "x".repeat(bytes),
                false,
                Optional.of(new EventId("urn:uuid:" + new UUID(random.nextLong(), random.nextLong()))),
                Optional.empty(),
                OptionalLong.empty());
    }

    private static long kept(EventLog log, long size, int topics) {
        long events = log.recent().head() - log.horizon();
        return events * (size + BYTES_AN_EVENT + (topics - 1) * BYTES_A_TOPIC);
    }

    @Test
    void firstBoundReachedApplies() {
        MovingClock clock = new MovingClock();
        Retention retention = new Retention(10, 5_000, Optional.of(Duration.ofHours(1)));
        try (EventLog log = SqliteEventLog.open(
                directory, Durability.COMMIT, retention, 1 << 20, 100, MemoryBudget.unlimited(), clock)) {
            Logs.append(log, 20);
            assertThat(left(log)).as("by count").hasSize(10);

            List<Event> large = Stream.generate(() -> done(log.append(Logs.update("news", "x".repeat(1_500)))))
                    .limit(4)
                    .toList();
            assertThat(left(log)).as("by bytes").isEqualTo(large.subList(1, 4));

            clock.advance(Duration.ofHours(2));
            Event newest = done(log.append(Logs.update("news", "young")));
            assertThat(left(log)).as("by age").containsExactly(newest);
        }
    }

    @Test
    void withoutBoundsEverythingIsRetained() {
        Retention none = new Retention(Long.MAX_VALUE, Long.MAX_VALUE, Optional.empty());
        try (EventLog log = Logs.open(directory, none)) {
            List<Event> events = Logs.append(log, 1_000);

            assertThat(log.horizon()).isZero();
            assertThat(left(log)).isEqualTo(events);
        }
    }

    private static List<Event> left(EventLog log) {
        return Logs.events(Logs.pages(log, log.horizon(), Logs.ALL));
    }

    @Test
    void filesShrinkWhenRetentionIsReduced() throws Exception {
        try (EventLog log = Logs.open(directory)) {
            for (int i = 0; i < 20_000; i++) {
                var answer = log.append(Logs.update("news", "x".repeat(1_000)));
                if (i % 5_000 == 4_999) {
                    done(answer);
                }
            }
        }
        assertThat(size()).isGreaterThan(20 << 20);

        try (EventLog log = Logs.open(directory, Retention.of(100, 1L << 30))) {
            eventually().until(() -> log.horizon() == 19_900);
            eventually().until(() -> freePages() <= 256);
        }

        assertThat(size()).isLessThan(3 << 20);
    }

    private long freePages() throws Exception {
        try (var connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            return Sql.number(connection, "PRAGMA freelist_count");
        }
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
