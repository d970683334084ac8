package dev.herald.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of {@link EventLog#purge}, extended by the test of each implementation. */
public abstract class PurgeContract {
    protected static final List<TopicSelector> ALL = List.of(new TopicSelector.Any());
    protected static final Topic SECRET = new Topic("secret");
    protected static final Topic NEWS = new Topic("news");
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final List<EventLog> opened = new ArrayList<>();

    /** Creates an empty log that keeps this many events, and few of them in memory. */
    protected abstract EventLog create(long maxEvents);

    @AfterEach
    void closeLogs() {
        opened.forEach(EventLog::close);
    }

    private EventLog open() {
        return open(1_000_000);
    }

    private EventLog open(long maxEvents) {
        EventLog log = create(maxEvents);
        opened.add(log);
        return log;
    }

    protected static Update update(String id, boolean isPrivate, Topic... topics) {
        return new Update(
                List.of(topics),
                "data of " + id,
                isPrivate,
                Optional.of(new EventId(id)),
                Optional.empty(),
                OptionalLong.empty());
    }

    protected static Event append(EventLog log, String id, Topic... topics) {
        return done(log.append(update(id, false, topics)));
    }

    protected static Purge ofId(String id) {
        return new Purge.OfId(new EventId(id));
    }

    protected static Purged purge(EventLog log, Purge purge) {
        return done(log.purge(purge));
    }

    /** Ids of all events after a position. Fails at a gap. */
    protected static List<String> readAll(EventLog log, long after, List<TopicSelector> selectors) {
        List<String> ids = new ArrayList<>();
        for (long at = after; at < log.recent().head(); ) {
            Page page = done(log.read(at, selectors, NO_LIMIT));
            assertThat(page.after()).as("no gap").isEqualTo(at);
            assertThat(page.through()).as("a page before the head advances").isGreaterThan(at);
            page.events().forEach(event -> ids.add(event.id().value()));
            at = page.through();
        }
        return ids;
    }

    private static List<String> recent(EventLog log) {
        return log.recent().after(log.recent().coveredAfter(), Long.MAX_VALUE, NO_LIMIT).events().stream()
                .map(event -> event.id().value())
                .toList();
    }

    /** A publisher that sends a request again must not bring back what was deleted since. */
    @Test
    void purgedUpdatesAreNotPublishedAgainWithTheirKey() {
        EventLog log = open();
        UpdateBatch batch = UpdateBatchContract.keyed(
                "key", List.of(Update.of(SECRET, "1"), update("own", false, SECRET), Update.of(NEWS, "2")));
        Receipt first = done(log.append(batch));
        purge(log, new Purge.OfTopic(SECRET));

        Receipt second = done(log.append(batch));

        assertThat(second).isEqualTo(new Receipt(first.ids(), true));
        assertThat(readAll(log, 0, ALL)).containsExactly(first.ids().get(2).value());
    }

    @Test
    void purgedEventIsInNoPageNoLookupAndNotInMemory() {
        EventLog log = open();
        append(log, "a", NEWS);
        append(log, "b", NEWS);
        append(log, "c", NEWS);

        Purged purged = purge(log, ofId("b"));

        assertThat(purged).isEqualTo(new Purged(1, true));
        assertThat(readAll(log, 0, ALL)).containsExactly("a", "c");
        assertThat(readAll(log, 0, List.of(new TopicSelector.Exact(NEWS)))).containsExactly("a", "c");
        assertThat(recent(log)).containsExactly("a", "c");
        assertThat(done(log.find(new EventId("b"), ALL))).isEmpty();
        assertThat(done(log.lookBack(3, 10, ALL, ALL)).positions()).containsExactly(3L, 1L);
        assertThat(done(log.find(new EventId("c"), List.of()))).isPresent();
    }

    @Test
    void eachPlaceInTheLogCanBePurgedWithoutAGap() {
        for (List<String> purged : List.of(List.of("1"), List.of("3"), List.of("2", "3"), List.of("1", "2", "3"))) {
            EventLog log = open();
            List<String> left = new ArrayList<>(List.of("1", "2", "3"));
            left.forEach(id -> append(log, id, NEWS));

            purged.forEach(id -> purge(log, ofId(id)));
            left.removeAll(purged);

            assertThat(readAll(log, 0, ALL)).isEqualTo(left);
            assertThat(readAll(log, 2, ALL)).isEqualTo(left.contains("3") ? List.of("3") : List.of());
            assertThat(log.recent().head()).isEqualTo(3);
            assertThat(log.horizon()).isZero();
            assertThat(append(log, "4", NEWS).position()).isEqualTo(4);
            left.add("4");
            assertThat(readAll(log, 0, ALL)).isEqualTo(left);
        }
    }

    @Test
    void purgeOfTopicDeletesEventsWithItAmongOthersAndKeepsTheRest() {
        EventLog log = open();
        append(log, "first", SECRET, NEWS);
        append(log, "alternate", NEWS, SECRET);
        append(log, "other", NEWS, new Topic("secret/more"));
        done(log.append(update("private", true, SECRET)));

        assertThat(purge(log, new Purge.OfTopic(SECRET)).events()).isEqualTo(3);

        assertThat(readAll(log, 0, ALL)).containsExactly("other");
        assertThat(readAll(log, 0, List.of(new TopicSelector.Exact(SECRET)))).isEmpty();
        assertThat(done(log.find(new EventId("private"), ALL))).isEmpty();
        assertThat(done(log.lookBack(4, 9, List.of(new TopicSelector.Exact(SECRET)), ALL))
                        .positions())
                .isEmpty();
    }

    @Test
    void transientEventsOfAPurgedTopicLeaveMemory() {
        EventLog log = open();
        append(log, "a", NEWS);
        Event passing = done(log.appendTransient(update("passing", true, SECRET)));

        assertThat(purge(log, new Purge.OfTopic(SECRET)).events())
                .as("kept events")
                .isZero();

        assertThat(log.recent().transientEvent(passing.id())).isEmpty();
        assertThat(recent(log)).containsExactly("a");
    }

    @Test
    void idOfPurgedPublicEventStillHasItsPlaceUntilRetentionPassesIt() {
        EventLog log = open(3);
        append(log, "a", NEWS);
        append(log, "b", NEWS);
        done(log.append(update("hidden", true, NEWS)));

        purge(log, ofId("b"));
        purge(log, ofId("hidden"));

        assertThat(done(log.findPurged(new EventId("b")))).hasValue(2);
        assertThat(done(log.findPurged(new EventId("hidden")))).as("private").isEmpty();
        assertThat(done(log.findPurged(new EventId("a")))).as("not purged").isEmpty();
        for (String id : List.of("d", "e", "f")) {
            append(log, id, NEWS);
        }
        eventually().untilAsserted(() -> assertThat(log.horizon()).isEqualTo(3));
        assertThat(done(log.findPurged(new EventId("b")))).isEmpty();
    }

    @Test
    void purgedPublicEventIsFoundBehindOthersWithItsId() {
        EventLog log = open(3);
        done(log.append(update("shared", true, NEWS)));
        append(log, "shared", NEWS);
        append(log, "shared", NEWS);

        purge(log, ofId("shared"));

        assertThat(done(log.findPurged(new EventId("shared"))))
                .as("behind the private one")
                .hasValue(2);
        append(log, "a", NEWS);
        append(log, "b", NEWS);
        eventually().untilAsserted(() -> assertThat(log.horizon()).isEqualTo(2));
        assertThat(done(log.findPurged(new EventId("shared"))))
                .as("behind the expired one")
                .hasValue(3);
        append(log, "c", NEWS);
        eventually().untilAsserted(() -> assertThat(log.horizon()).isEqualTo(3));
        assertThat(done(log.findPurged(new EventId("shared")))).isEmpty();
    }

    @Test
    void cursorAtPurgedEventResumesExactlyAfterItsPlace() {
        EventLog log = open();
        append(log, "a", NEWS);
        String cursor = log.cursors().seal(append(log, "b", NEWS).position());
        append(log, "c", NEWS);

        purge(log, ofId("b"));

        assertThat(log.cursors().open(cursor)).hasValue(2);
        assertThat(readAll(log, log.cursors().open(cursor).orElseThrow(), ALL)).containsExactly("c");
    }

    @Test
    void allEventsOfARepeatedIdArePurgedAndTheEarliestPlaceIsFound() {
        EventLog log = open();
        append(log, "twice", NEWS);
        append(log, "between", NEWS);
        append(log, "twice", NEWS);

        assertThat(purge(log, ofId("twice")).events()).isEqualTo(2);

        assertThat(readAll(log, 0, ALL)).containsExactly("between");
        assertThat(done(log.findPurged(new EventId("twice")))).hasValue(1);
        append(log, "twice", NEWS);
        assertThat(done(log.find(new EventId("twice"), List.of())).map(Event::position))
                .as("published afterwards")
                .contains(4L);
    }

    @Test
    void repeatedPurgeFindsNothing() {
        EventLog log = open();
        append(log, "a", SECRET);
        purge(log, new Purge.OfTopic(SECRET));

        assertThat(purge(log, new Purge.OfTopic(SECRET)).events()).isZero();
        assertThat(purge(log, ofId("a")).events()).isZero();
        assertThat(purge(log, ofId("unknown")).events()).isZero();
    }

    @Test
    void newestPublicIdIsNotThatOfAPurgedEvent() {
        EventLog log = open();
        append(log, "a", NEWS);
        append(log, "b", NEWS);

        purge(log, ofId("b"));

        assertThat(log.recent().newestPublic(0)).contains(new EventId("a"));
    }

    @Test
    void retentionRemovesOtherEventsAsIfNothingHadBeenPurged() {
        EventLog log = open(10);
        for (int i = 1; i <= 10; i++) {
            append(log, "" + i, i % 2 == 0 ? SECRET : NEWS);
        }
        purge(log, new Purge.OfTopic(SECRET));

        append(log, "11", NEWS);
        append(log, "12", NEWS);

        eventually().untilAsserted(() -> assertThat(log.horizon()).isEqualTo(2));
        assertThat(readAll(log, 2, ALL)).containsExactly("3", "5", "7", "9", "11", "12");
    }

    /** More events than one step deletes, in turn with publishers and readers. */
    @Test
    void publishersAndReadersGoOnWhileManyEventsArePurged() {
        EventLog log = open();
        List<CompletableFuture<Event>> answers = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            answers.add(log.append(update("old-" + i, false, i % 3 == 0 ? NEWS : SECRET))
                    .toCompletableFuture());
        }
        answers.forEach(CompletableFuture::join);
        AtomicBoolean ended = new AtomicBoolean();
        List<String> published = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !ended.get(); i++) {
                published.add(append(log, "new-" + i, NEWS).id().value());
            }
        });
        CompletableFuture<List<Integer>> reading = CompletableFuture.supplyAsync(() -> {
            List<Integer> counts = new ArrayList<>();
            while (!ended.get()) {
                List<String> read = readAll(log, 0, ALL);
                assertThat(read).filteredOn(id -> id.startsWith("old-")).hasSizeBetween(1_000, 3_000);
                assertThat(read).doesNotHaveDuplicates();
                counts.add(read.size());
            }
            return counts;
        });

        Purged purged = purge(log, new Purge.OfTopic(SECRET));
        List<String> after = readAll(log, 0, ALL);
        ended.set(true);
        publishing.join();

        assertThat(purged.events()).isEqualTo(2_000);
        assertThat(after).filteredOn(id -> id.startsWith("old-")).hasSize(1_000);
        assertThat(reading.join()).isNotEmpty();
        List<String> all = readAll(log, 0, ALL);
        assertThat(all.subList(1_000, all.size())).isEqualTo(published);
    }

    @Test
    void closedLogRejectsAPurge() {
        EventLog log = open();
        log.close();

        assertThat(log.purge(ofId("a")).toCompletableFuture()).isCompletedExceptionally();
    }
}
