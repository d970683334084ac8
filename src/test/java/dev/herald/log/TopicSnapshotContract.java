package dev.herald.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of {@link EventLog#latest} and of reading what it found. */
public abstract class TopicSnapshotContract extends EventLogContract {
    private static Update update(boolean isPrivate, String... topics) {
        return new Update(
                Stream.of(topics).map(Topic::new).toList(),
                "{}",
                isPrivate,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    private static Event append(EventLog log, boolean isPrivate, String... topics) {
        return done(log.append(update(isPrivate, topics)));
    }

    private static List<TopicSelector> selectors(String... texts) {
        return Arrays.stream(texts).map(TopicSelector::parse).toList();
    }

    private static TopicSnapshot latest(EventLog log, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return done(log.latest(selectors, grants, () -> false));
    }

    /** Events of a snapshot, page by page. */
    private static List<Event> events(
            EventLog log, List<TopicSelector> selectors, List<TopicSelector> grants, int maxBytes) {
        TopicSnapshot snapshot = latest(log, selectors, grants);
        assertThat(snapshot.complete()).isTrue();
        List<Event> events = new ArrayList<>();
        for (long at = snapshot.start(); at < snapshot.asOf(); ) {
            Page page = done(log.read(snapshot, at, selectors, maxBytes));
            assertThat(page.after()).as("start of a page without a gap").isEqualTo(at);
            assertThat(page.through()).as("end of a page").isGreaterThan(at);
            events.addAll(page.events());
            at = page.through();
        }
        return events;
    }

    private static List<Event> events(EventLog log, String... selectors) {
        return events(log, selectors(selectors), NO_GRANTS, NO_LIMIT);
    }

    /** Several in one batch: thousands of single ones would take long. */
    private static void appendAll(EventLog log, List<Update> updates) {
        for (int i = 0; i < updates.size(); i += 1_000) {
            done(log.append(
                    new UpdateBatch(updates.subList(i, Math.min(updates.size(), i + 1_000)), Optional.empty())));
        }
    }

    @Test
    void q18SnapshotHasTheNewestEventOfEachTopicInTheOrderOfTheLog() {
        EventLog log = open();
        append(log, false, "a");
        append(log, false, "b");
        Event c = append(log, false, "c");
        Event b = append(log, false, "b");
        Event a = append(log, false, "a");

        for (String[] selectors : new String[][] {{"*"}, {"{any}"}, {"a", "b", "c"}, {"c", "{any}"}}) {
            assertThat(events(log, selectors)).containsExactly(c, b, a);
        }
        assertThat(events(log, "a", "c")).containsExactly(c, a);
        assertThat(events(log, "b")).containsExactly(b);
        assertThat(events(log, "other", "other/{any}")).isEmpty();
    }

    @Test
    void q18SnapshotOfAnEmptyLogIsEmpty() {
        EventLog log = open();

        TopicSnapshot snapshot = latest(log, ALL, NO_GRANTS);

        assertThat(snapshot.size()).isZero();
        assertThat(snapshot.start()).isZero();
    }

    /** The newest event of one topic stays, although its other topic has a newer one. */
    @Test
    void q18EventIsTheNewestOfEachOfItsTopicsAndInTheSnapshotOnce() {
        EventLog log = open();
        append(log, false, "b");
        Event both = append(log, false, "a", "b");
        Event c = append(log, false, "c", "d", "e");
        Event d = append(log, false, "x", "d");

        assertThat(events(log, "*")).containsExactly(both, c, d);
        assertThat(events(log, "a", "b")).containsExactly(both);
        assertThat(events(log, "d")).containsExactly(d);
        assertThat(events(log, "e")).containsExactly(c);
        assertThat(events(log, "x", "{+any}")).containsExactly(both, c, d);
    }

    @Test
    void q18SnapshotHasTheNewestEventThatTheReaderMayRead() {
        EventLog log = open();
        Event open = append(log, false, "a");
        Event granted = append(log, true, "a", "mine");
        IntStream.range(0, 100).forEach(i -> append(log, true, "a"));
        append(log, true, "only-private");

        for (List<TopicSelector> selectors : List.of(ALL, selectors("a"), selectors("{any}", "a"))) {
            assertThat(events(log, selectors, NO_GRANTS, NO_LIMIT)).containsExactly(open);
            assertThat(events(log, selectors, selectors("mine"), NO_LIMIT)).containsExactly(granted);
        }
    }

    @Test
    void q18SnapshotLeavesPurgedEventsOut() {
        EventLog log = open();
        Event older = append(log, false, "a");
        append(log, false, "gone");
        done(log.append(withId("newer")));
        Event news = append(log, false, "news");
        Event newest = append(log, false, "a", "b");
        done(log.purge(new Purge.OfId(newest.id())));
        done(log.purge(new Purge.OfTopic(new Topic("gone"))));

        assertThat(events(log, "*")).containsExactly(older, news);
        done(log.purge(new Purge.OfId(news.id())));
        assertThat(events(log, "news", "b")).extracting(Event::id).containsExactly(new EventId("newer"));
    }

    @Test
    void q18TransientEventsAreNoPartOfTheSnapshot() {
        EventLog log = open();
        Event kept = append(log, false, "a");
        done(log.appendTransient(update(true, "a")));

        assertThat(events(log, ALL, ALL, NO_LIMIT)).containsExactly(kept);
    }

    @Test
    void q18LaterEventsAreNoPartOfTheSnapshot() {
        EventLog log = open();
        Event before = append(log, false, "a");
        TopicSnapshot snapshot = latest(log, ALL, NO_GRANTS);
        append(log, false, "a");
        append(log, false, "b");

        Page page = done(log.read(snapshot, snapshot.start(), ALL, NO_LIMIT));

        assertThat(snapshot.asOf()).isEqualTo(before.position());
        assertThat(page).isEqualTo(new Page(snapshot.start(), List.of(before), snapshot.asOf()));
    }

    @Test
    void q18SnapshotIsReadInPagesOfBoundedBytes() {
        EventLog log = open();
        appendAll(
                log,
                IntStream.range(0, 3_000)
                        .mapToObj(i -> update(false, "topic-" + i))
                        .toList());

        TopicSnapshot snapshot = latest(log, ALL, NO_GRANTS);
        List<Event> first =
                done(log.read(snapshot, snapshot.start(), ALL, 1_000)).events();

        assertThat(first.stream().mapToLong(Page::bytes).sum()).isBetween(1_000L, 2_000L);
        assertThat(events(log, ALL, NO_GRANTS, 1_000))
                .hasSize(3_000)
                .isSortedAccordingTo((a, b) -> Long.compare(a.position(), b.position()));
    }

    @Test
    void q18SnapshotHasTheNewestOfTooManyTopics() {
        EventLog log = open();
        int topics = TopicSnapshot.MAX_TOPICS;
        appendAll(
                log,
                IntStream.range(0, topics)
                        .mapToObj(i -> update(false, "t/" + i))
                        .toList());
        TopicSnapshot all = latest(log, ALL, NO_GRANTS);
        Event more = append(log, false, "t/more");
        Event again = append(log, false, "t/0");

        TopicSnapshot newest = latest(log, ALL, NO_GRANTS);

        assertThat(all.complete()).isTrue();
        assertThat(all.size()).isEqualTo(topics);
        assertThat(newest.complete()).isFalse();
        assertThat(newest.size()).isEqualTo(topics);
        assertThat(newest.positions(0, 1)).isEqualTo(all.positions(0, 3).subList(2, 3));
        assertThat(newest.positions(more.position() - 1, 10)).containsExactly(more.position(), again.position());
        assertThat(newest.heapBytes()).isLessThan(TopicSnapshot.SEARCH_BYTES);
    }

    /** A search asks between its steps whether it is cancelled. */
    @Test
    void q18SearchCostsTopicsAndNotEvents() {
        EventLog log = open();
        AtomicInteger steps = new AtomicInteger();
        appendAll(
                log,
                IntStream.range(0, 20_000)
                        .mapToObj(i -> update(false, "few/" + i % 10))
                        .toList());

        TopicSnapshot few = done(log.latest(ALL, NO_GRANTS, () -> steps.incrementAndGet() < 0));

        assertThat(few.size()).isEqualTo(10);
        assertThat(steps).hasValue(0);
        appendAll(
                log,
                IntStream.range(0, 5_000)
                        .mapToObj(i -> update(false, "many/" + i))
                        .toList());
        TopicSnapshot many = done(log.latest(selectors("many/{i}"), NO_GRANTS, () -> steps.incrementAndGet() < 0));
        assertThat(many.size()).isEqualTo(5_000);
        assertThat(steps).hasValueBetween(3, 12);
        TopicSnapshot cancelled = done(log.latest(ALL, NO_GRANTS, () -> true));
        assertThat(cancelled.size()).isBetween(1, 2_500);
    }

    @Test
    void q18SnapshotEndsEachStepAtTheMatchBudgetAndTheNextOneContinues() {
        EventLog log = open();
        Event wanted = append(log, false, "a");
        IntStream.range(0, 3_000).forEach(i -> log.append(update(true, "a")));
        append(log, true, "a");
        AtomicInteger steps = new AtomicInteger();

        TopicSnapshot snapshot = done(log.latest(ALL, NO_GRANTS, () -> steps.incrementAndGet() < 0));

        assertThat(snapshot.positions(0, 2)).containsExactly(wanted.position());
        assertThat(steps).hasValueBetween(2, 5);
    }

    @Test
    void q18WhatRetentionRemovesBeforeTheFirstReadIsNoGap() {
        EventLog log = open(10, 1L << 30);
        IntStream.range(0, 10).forEach(i -> append(log, false, "t/" + i));
        TopicSnapshot snapshot = latest(log, ALL, NO_GRANTS);
        List<Long> positions = snapshot.positions(0, 10);
        IntStream.range(0, 4).forEach(i -> append(log, false, "later"));

        Page first = done(log.read(snapshot, snapshot.start(), ALL, 1));
        IntStream.range(0, 3).forEach(i -> append(log, false, "later"));
        Page second = done(log.read(snapshot, first.through(), ALL, NO_LIMIT));

        assertThat(first.after()).isEqualTo(snapshot.start());
        assertThat(first.events()).extracting(Event::position).containsExactly(positions.get(4));
        assertThat(second.after()).as("gap").isEqualTo(positions.get(6));
        assertThat(second.events()).extracting(Event::position).isEqualTo(positions.subList(7, 10));
        assertThat(second.through()).isEqualTo(snapshot.asOf());
        IntStream.range(0, 20).forEach(i -> append(log, false, "later"));
        Page rest = done(log.read(snapshot, second.events().get(2).position(), ALL, NO_LIMIT));
        assertThat(rest.after()).as("no gap behind the last event").isEqualTo(positions.get(9));
    }

    @Test
    void q18WhatABatchRemovesBeforeTheFirstReadIsNoGap() {
        EventLog log = open(3_000, 1L << 30);
        IntStream.range(0, 3_000).forEach(i -> append(log, false, "t/" + i));
        TopicSnapshot snapshot = latest(log, ALL, NO_GRANTS);
        IntStream.range(0, 2_500).forEach(i -> append(log, false, "later"));

        Page first = done(log.read(snapshot, snapshot.start(), ALL, 1));
        assertThat(first.after()).isEqualTo(snapshot.start());
        Page second = done(log.read(snapshot, first.through(), ALL, 1));

        assertThat(second.after()).as("no gap").isEqualTo(first.through());
        assertThat(Stream.concat(first.events().stream(), second.events().stream()))
                .isNotEmpty();
    }

    @Test
    void q18SnapshotEqualsTheNewestEventsOfAReplayForRandomSelectors() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EventLog log = open(4_000, 1L << 30);
        for (int i = 0; i < 5_000; i++) {
            log.append(update(
                    random.nextInt(3) == 0,
                    random.ints(1 + random.nextInt(3), 0, 1 + random.nextInt(400))
                            .mapToObj(topic -> "topic-" + topic)
                            .distinct()
                            .toArray(String[]::new)));
        }
        append(log, "the last");
        for (int i = 0; i < 100; i++) {
            List<Event> found = done(log.read(log.horizon() + random.nextInt(4_000), ALL, 1))
                    .events();
            if (!found.isEmpty()) {
                done(log.purge(new Purge.OfId(found.get(0).id())));
            }
        }

        for (int i = 0; i < 50; i++) {
            List<TopicSelector> selectors =
                    switch (random.nextInt(4)) {
                        case 0 -> ALL;
                        case 1 -> selectors("topic-{number}");
                        case 2 -> selectors("topic-1{number}", "topic-2", "news");
                        default ->
                            random.ints(1 + random.nextInt(400), 0, 450)
                                    .mapToObj(topic ->
                                            (TopicSelector) new TopicSelector.Exact(new Topic("topic-" + topic)))
                                    .toList();
                    };
            List<TopicSelector> grants = random.nextBoolean() ? NO_GRANTS : selectors("topic-1", "topic-3{number}");
            assertThat(events(log, selectors, grants, 1 + random.nextInt(100_000)))
                    .as("seed=%d, %s, %s", seed, selectors, grants)
                    .isEqualTo(newestOf(readAll(log, log.horizon(), selectors, NO_LIMIT), selectors, grants));
        }
    }

    /** So many that the file log scans its events instead of looking each of them up. */
    @Test
    void q18SnapshotAmongManyPrivateEventsHasTheNewestReadableOnes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EventLog log = open();
        List<Update> updates = new ArrayList<>();
        for (int i = 0; i < 35_000; i++) {
            updates.add(update(
                    i > 1_000 && random.nextInt(5_000) > 0,
                    random.ints(1 + random.nextInt(2), 0, 60)
                            .mapToObj(topic -> "topic-" + topic)
                            .distinct()
                            .toArray(String[]::new)));
        }
        appendAll(log, updates);
        List<TopicSelector> one = selectors("topic-7");
        AtomicInteger steps = new AtomicInteger();

        for (List<TopicSelector> selectors :
                List.of(ALL, selectors("topic-{number}"), selectors("topic-1", "topic-2", "topic-59"))) {
            List<Event> replay = readAll(log, 0, selectors, NO_LIMIT);
            for (List<TopicSelector> grants : List.of(NO_GRANTS, one)) {
                assertThat(events(log, selectors, grants, NO_LIMIT))
                        .as("seed=%d, %s, %s", seed, selectors, grants)
                        .isEqualTo(newestOf(replay, selectors, grants));
                done(log.latest(selectors, grants, () -> steps.incrementAndGet() < 0));
                assertThat(steps.getAndSet(0)).as("steps").isLessThan(200);
            }
        }
    }

    private static List<Event> newestOf(List<Event> events, List<TopicSelector> selectors, List<TopicSelector> grants) {
        TopicFilter wanted = new TopicFilter(selectors);
        TopicFilter granted = new TopicFilter(grants);
        Map<Topic, Integer> newest = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            for (Topic topic : event.topics()) {
                if (wanted.matches(List.of(topic)) && (!event.isPrivate() || granted.matches(event.topics()))) {
                    newest.put(topic, i);
                }
            }
        }
        return new TreeSet<>(newest.values()).stream().map(events::get).toList();
    }
}
