package dev.herald.log.sqlite;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.MovingClock;
import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.Generation;
import dev.herald.log.Generations;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of damage that no read detects: an event missing from its topic's index, or a corrupt unread record. */
class InspectionTest {
    private static final String DATABASE = "herald.db";
    private static final int EVENTS = 300;
    private static final List<TopicSelector> FIRST = List.of(TopicSelector.parse("first-2"));
    private static final List<TopicSelector> OTHER = List.of(TopicSelector.parse("other-2"));

    @TempDir
    Path directory;

    private final List<Event> published = new ArrayList<>();

    private void publish() {
        try (EventLog log = Logs.open(directory)) {
            for (int i = 0; i < EVENTS; i++) {
                published.add(done(log.append(new Update(
                        List.of(new Topic("first-" + i % 10), new Topic("other-" + i % 10)),
                        "event " + i,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()))));
            }
        }
    }

    private void damage(String sql) throws Exception {
        try (Connection connection = ConnectionSource.sqlite().open(directory.resolve(DATABASE))) {
            Sql.execute(connection, sql);
        }
    }

    private List<Event> ofTopic2() {
        return published.stream()
                .filter(event -> event.topics().get(0).name().equals("first-2"))
                .toList();
    }

    private static List<Event> read(EventLog log, List<TopicSelector> selectors) {
        return Logs.events(Logs.pages(log, log.horizon(), selectors));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE event SET topic = topic + 1 WHERE position = 153",
                "DELETE FROM alternate WHERE position = 153",
            })
    void eventMissingFromItsIndexIsFoundServedAndRepairedAtTheNextStart(String damage) throws Exception {
        publish();
        damage(damage);

        try (Complaints complaints = new Complaints();
                EventLog log = Logs.open(directory)) {
            assertThat(read(log, Logs.ALL))
                    .as("readers of all topics miss nothing")
                    .isEqualTo(published);
            eventually().untilAsserted(() -> {
                assertThat(read(log, FIRST)).isEqualTo(ofTopic2());
                assertThat(read(log, OTHER)).isEqualTo(ofTopic2());
                assertThat(complaints.errors()).singleElement().asString().contains("file is damaged");
            });
            assertThat(done(log.lookBack(log.recent().head(), 1_000, OTHER, List.of()))
                            .positions())
                    .contains(153L);
        }

        try (Complaints complaints = new Complaints();
                EventLog log = Logs.open(directory)) {
            assertThat(read(log, FIRST)).isEqualTo(ofTopic2());
            assertThat(read(log, OTHER)).isEqualTo(ofTopic2());
            assertThat(complaints.errors()).isEmpty();
        }
        assertThat(directory.resolve("herald.db.damaged")).doesNotExist();
        assertThat(directory.resolve("herald-damaged-1.db")).exists();
    }

    @Test
    void flippedBitInTheIndexHidesAnEventOnlyUntilTheNextInspection() throws Exception {
        publish();
        Path file = directory.resolve(DATABASE);
        byte[] sound = Files.readAllBytes(file);
        List<Integer> places = occurrences(sound, EventRow.hash(new Topic("first-2")));
        assertThat(places).as("in the rows and in the index").hasSizeGreaterThan(EVENTS / 10);

        int hidden = 0;
        for (int i = 0; i < places.size(); i += 4) {
            byte[] flipped = sound.clone();
            int last = places.get(i) + Long.BYTES - 1;
            // Sets the lowest clear bit: a value that is too high ends a search too early.
            flipped[last] |= (byte) (flipped[last] + 1);
            Files.write(file, flipped);

            try (EventLog log = Logs.open(directory)) {
                hidden += read(log, FIRST).size() < ofTopic2().size() ? 1 : 0;
                eventually().untilAsserted(() -> assertThat(read(log, FIRST)).isEqualTo(ofTopic2()));
            }
            Files.deleteIfExists(directory.resolve("herald.db.damaged"));
        }
        assertThat(hidden).as("flips that a reader would not have noticed").isPositive();
    }

    private static List<Integer> occurrences(byte[] bytes, long number) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i + Long.BYTES <= bytes.length; i++) {
            if (buffer.getLong(i) == number) {
                places.add(i);
            }
        }
        return places;
    }

    @Test
    void corruptRecordIsReportedWithoutARead() throws Exception {
        publish();
        damage("UPDATE event SET data = x'00' WHERE position = 42");

        try (Complaints complaints = new Complaints();
                EventLog log = Logs.open(directory)) {
            eventually().untilAsserted(() -> assertThat(complaints.errors())
                    .singleElement()
                    .asString()
                    .contains("positions=42-42"));
            assertThat(log.writable()).isTrue();
        }
    }

    @Test
    void inspectsDaily() throws Exception {
        publish();
        damage("UPDATE event SET data = x'00' WHERE position = 42");
        MovingClock clock = new MovingClock();
        try (Complaints complaints = new Complaints();
                EventLog log = SqliteEventLog.open(
                        directory, Durability.COMMIT, Logs.PLENTY, 1 << 20, 100, MemoryBudget.unlimited(), clock)) {
            eventually().until(() -> complaints.errors().size() == 1);
            damage("UPDATE event SET data = x'00' WHERE position = 43");

            clock.advance(Duration.ofDays(1));

            eventually()
                    .untilAsserted(() ->
                            assertThat(complaints.errors()).last().asString().contains("positions=43-43"));
            assertThat(log.writable()).isTrue();
        }
    }

    @Test
    void inspectionReportsNothingDuringAppendsAndRetention() throws Exception {
        try (Complaints complaints = new Complaints();
                EventLog log = Logs.open(directory, Retention.of(5_000, 1L << 30));
                LogDirectory elsewhere = LogDirectory.lock(directory.resolve("elsewhere"))) {
            EventReader reader = new EventReader(
                    ConnectionSource.sqlite().open(directory.resolve(DATABASE)),
                    new Generations(List.of(new Generation(1, 0, true))),
                    new CorruptionReport(elsewhere));
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 40_000; i++) {
                    var answer = log.append(Logs.update("topic-" + i % 50, "event " + i));
                    if (i % 500 == 0) {
                        done(answer);
                    }
                }
            });

            int stretches = 0;
            while (!publishing.isDone()) {
                for (long at = reader.inspect(0); at != Inspector.END; at = reader.inspect(at)) {
                    stretches++;
                }
            }

            publishing.join();
            reader.close();
            assertThat(stretches).isGreaterThan(10);
            assertThat(complaints.errors()).isEmpty();
        }
    }
}
