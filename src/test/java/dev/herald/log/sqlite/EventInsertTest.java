package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Receipt;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.sqlite.rows.EventInsert;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of batches that are stored by statements of one row and of several. */
class EventInsertTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    /** Updates of which every field differs from one to the next; some are too large to be stored with others. */
    private static UpdateBatch batch(int size) {
        List<Update> updates = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            updates.add(new Update(
                    i % 5 == 0
                            ? List.of(new Topic("topic-" + i % 3), new Topic("other-" + i))
                            : List.of(new Topic("topic-" + i % 3)),
                    i + "\n".repeat(i % 2) + "ž".repeat(i % 40 == 39 ? 3_000 : i),
                    i % 3 == 0,
                    i % 4 == 0 ? Optional.of(new EventId("own-" + i)) : Optional.empty(),
                    i % 6 == 0 ? Optional.of(new EventType("type-" + i)) : Optional.empty(),
                    i % 7 == 0 ? OptionalLong.of(i) : OptionalLong.empty()));
        }
        return new UpdateBatch(updates, Optional.empty());
    }

    private static List<Event> read(EventLog log, String... selectors) {
        List<TopicSelector> parsed =
                List.of(selectors).stream().map(TopicSelector::parse).toList();
        return Logs.events(Logs.pages(log, 0, parsed));
    }

    @Test
    void batchOfDifferentUpdatesIsStoredToTheLetter() {
        UpdateBatch batch = batch(5 * EventInsert.ROWS + 3);
        Receipt receipt;
        try (EventLog log = Logs.open(directory)) {
            Logs.append(log, 2);
            receipt = done(log.append(batch, AppendListener.NONE));
        }

        try (EventLog log = Logs.open(directory)) {
            List<Event> events = read(log, "*");
            List<Event> stored = events.subList(2, events.size());

            assertThat(stored).extracting(Event::id).isEqualTo(receipt.ids());
            assertThat(stored).hasSameSizeAs(batch.updates());
            for (int i = 0; i < stored.size(); i++) {
                Event event = stored.get(i);
                assertThat(event)
                        .isEqualTo(Event.of(
                                i + 3,
                                event.id(),
                                event.acceptedAt(),
                                false,
                                batch.updates().get(i)));
                assertThat(done(log.find(event.id(), Logs.ALL))).contains(event);
            }
            assertThat(read(log, "topic-1"))
                    .isEqualTo(stored.stream()
                            .filter(event -> event.topics().contains(new Topic("topic-1")))
                            .toList());
            assertThat(read(log, "other-5")).containsExactly(stored.get(5));
            assertThat(log.stats().kept().events()).isEqualTo(events.size());
            assertThat(log.stats().kept().bytes())
                    .isEqualTo(events.stream().mapToLong(Event::size).sum());
        }
    }

    @Test
    void batchIsStoredAsAWholeOrNotWhicheverOfItsStatementsFails() {
        UpdateBatch batch = batch(2 * EventInsert.ROWS + 1);
        FailingStatements source = new FailingStatements(false);
        int failed = 0;
        try (EventLog log = Logs.open(directory, source)) {
            Logs.append(log, 1);
            for (boolean stored = false; !stored; ) {
                source.failAt(failed + 1, 0);
                stored = source.left() > 0 && append(log, batch);
                source.failAt(Integer.MAX_VALUE, 0);
                failed += stored ? 0 : 1;

                assertThat(read(log, "*")).hasSize(stored ? 1 + batch.updates().size() : 1);
            }
        }

        assertThat(failed)
                .as("two statements of several rows, one of one, and others")
                .isGreaterThan(5);
        assertThat(logged.lines()).allMatch(line -> line.startsWith("The log rejects updates."));
        try (EventLog log = Logs.open(directory)) {
            assertThat(read(log, "*")).hasSize(1 + batch.updates().size());
        }
    }

    private static boolean append(EventLog log, UpdateBatch batch) {
        try {
            done(log.append(batch, AppendListener.NONE));
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }
}
