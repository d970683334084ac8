package dev.herald.log.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Topic;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a log of schema 1, which stored events as finished blocks: it is served, continued and trimmed. The file was
 * made by the packaged hub of that version with presence off: nine POSTs to {@code /.well-known/mercure}, then a clean
 * stop.
 */
class MigrationTest {
    private static final List<String> FRAMES = List.of(
            "id: urn:uuid:01a227f7-3711-724f-ba12-4ec78e45ccfc\ndata: first\n\n",
            "id: given-2\nevent: greeting\nretry: 1500\ndata: hello\n\n",
            "id: urn:uuid:01a227f7-3769-7c34-b38e-81656ea65485\ndata: {\"secret\":true}\n\n",
            "id: urn:uuid:01a227f7-3789-752e-9581-056788e22672\n"
                    + "data: one\ndata: two\ndata: three\ndata: four\ndata: \ndata: six.\n\n",
            "id: id-日本語\nevent: událost\ndata: příliš žluťoučký 🐎\n\n",
            "id: urn:uuid:01a227f7-386a-7714-a953-779ba4e05358\ndata: \n\n",
            "id: urn:uuid:01a227f7-387d-78de-b6e0-f79b10742a21\nretry: 0\n"
                    + "data: data: x\ndata: id: y\ndata: event: z\ndata:  retry: 1\n\n",
            "id: urn:uuid:0191d0a2-0000-7000-8000-000000000008\ndata: eight\n\n",
            "id: urn:uuid:01a227f7-38ca-7ac2-9848-064e614c4cb7\ndata: " + "x".repeat(5_000) + "\n\n");

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    @BeforeEach
    void copy() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/log/schema-1.db")) {
            Files.copy(file, directory.resolve("herald.db"));
        }
    }

    private static List<Event> all(EventLog log) {
        return Logs.events(Logs.pages(log, log.horizon(), Logs.ALL));
    }

    @Test
    void framesEqualTheStoredOnes() {
        for (int opening = 1; opening <= 2; opening++) {
            try (EventLog log = Logs.open(directory)) {
                assertThat(all(log))
                        .as("opening %d", opening)
                        .extracting(event -> event.frame().toString())
                        .containsExactlyElementsOf(FRAMES);
            }
        }
    }

    @Test
    void fieldsAreReadFromTheBlocks() {
        try (EventLog log = Logs.open(directory)) {
            List<Event> events = all(log);

            assertThat(events.get(1).type()).contains(new EventType("greeting"));
            assertThat(events.get(1).retryMillis()).isEqualTo(OptionalLong.of(1_500));
            assertThat(events.get(1).id()).isEqualTo(new EventId("given-2"));
            assertThat(events.get(2).isPrivate()).isTrue();
            assertThat(events.get(2).topics())
                    .containsExactly(
                            new Topic("https://example.com/books/1"), new Topic("news"), new Topic("tags/ünïcode"));
            assertThat(events.get(3).data()).as("line ends in the data").hasToString("one\ntwo\nthree\nfour\n\nsix.");
            assertThat(events.get(4).type()).contains(new EventType("událost"));
            assertThat(events.get(4).data()).hasToString("příliš žluťoučký 🐎");
            assertThat(events.get(5).data().size()).isZero();
            assertThat(events.get(6).data()).hasToString("data: x\nid: y\nevent: z\n retry: 1");
            assertThat(events.get(6).retryMillis()).isEqualTo(OptionalLong.of(0));
            assertThat(events).allSatisfy(event -> assertThat(event.acceptedAt())
                    .isBetween(Instant.parse("2026-11-29T00:00:00Z"), Instant.parse("2026-11-30T00:00:00Z")));
        }
    }

    @Test
    void migratedEventsAreFoundByIdAndByTopic() {
        try (EventLog log = Logs.open(directory)) {
            List<Event> events = all(log);

            assertThat(done(log.find(new EventId("id-日本語"), List.of()))).contains(events.get(4));
            assertThat(done(log.find(new EventId("urn:uuid:0191d0a2-0000-7000-8000-000000000008"), List.of())))
                    .contains(events.get(7));
            assertThat(Logs.events(Logs.pages(log, 0, List.of(TopicSelector.parse("tags/ünïcode")))))
                    .containsExactly(events.get(2));
        }
    }

    @Test
    void newEventsFollowTheOldOnesWithoutAGap() {
        List<Event> old;
        List<Event> added;
        try (EventLog log = Logs.open(directory)) {
            old = all(log);
            added = Logs.append(log, 3);
        }

        try (EventLog log = Logs.open(directory)) {
            assertThat(Logs.hasGap(Logs.pages(log, 0, Logs.ALL), 0)).isFalse();
            assertThat(all(log)).hasSize(12).containsAll(old).endsWith(added.toArray(Event[]::new));
        }
    }

    @Test
    void retentionTrimsOldRowsFirst() {
        try (EventLog log = Logs.open(directory, Retention.of(5, 1L << 30))) {
            List<Event> added = Logs.append(log, 2);

            assertThat(all(log)).hasSize(5).endsWith(added.toArray(Event[]::new));
            assertThat(all(log).get(0).id()).isEqualTo(new EventId("urn:uuid:01a227f7-387d-78de-b6e0-f79b10742a21"));
        }
    }

    @Test
    void retentionIncludesTheBytesOfBothKindsOfRows() {
        try (EventLog log = Logs.open(directory, Retention.of(1_000, 6_000))) {
            Event added = done(log.append(Logs.update("news", "y".repeat(5_500))));

            assertThat(all(log)).containsExactly(added);
        }
    }

    @Test
    void damagedBlockIsALoss() throws Exception {
        logged.expect("Events of the log are lost, since its file is damaged");
        try (var connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            Sql.execute(connection, "UPDATE event SET frame = x'00' WHERE position = 4");
        }

        try (EventLog log = Logs.open(directory)) {
            assertThat(all(log)).hasSize(8);
            assertThat(Logs.hasGap(Logs.pages(log, 0, Logs.ALL), 0)).isTrue();
        }
    }
}
