package dev.herald.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.selector.ExpensiveTemplates;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract tests of {@link EventLog}, extended by the test of each implementation. */
public abstract class EventLogContract {
    protected static final Topic TOPIC = new Topic("news");
    protected static final List<TopicSelector> ALL = List.of(new TopicSelector.Any());
    protected static final List<TopicSelector> NO_GRANTS = List.of();
    protected static final int NO_LIMIT = Integer.MAX_VALUE;

    private final List<EventLog> opened = new ArrayList<>();

    /** Creates an empty log with these retention bounds and an unbounded queue. */
    protected abstract EventLog create(long maxEvents, long maxBytes);

    @AfterEach
    void closeLogs() {
        opened.forEach(EventLog::close);
    }

    protected EventLog open(long maxEvents, long maxBytes) {
        EventLog log = create(maxEvents, maxBytes);
        opened.add(log);
        return log;
    }

    protected EventLog open() {
        return open(1_000_000, 1L << 30);
    }

    protected static Event append(EventLog log, String data) {
        return done(log.append(Update.of(TOPIC, data)));
    }

    protected static Update withId(String id) {
        return withId(id, false);
    }

    private static Update withId(String id, boolean isPrivate) {
        return new Update(
                List.of(TOPIC), "{}", isPrivate, Optional.of(new EventId(id)), Optional.empty(), OptionalLong.empty());
    }

    /** All selected events after a position, page by page. */
    protected static List<Event> readAll(EventLog log, long after, List<TopicSelector> selectors, int maxBytes) {
        List<Event> events = new ArrayList<>();
        long newest = log.recent().newestKept();
        for (long at = after; at < newest; ) {
            Page page = done(log.read(at, selectors, maxBytes));
            assertThat(page.through())
                    .as("a page before the newest event advances")
                    .isGreaterThan(at);
            events.addAll(page.events());
            at = page.through();
        }
        return events;
    }

    @Test
    void newLogIsEmpty() {
        EventLog log = open();

        assertThat(log.recent().head()).isZero();
        assertThat(log.horizon()).isZero();
        assertThat(log.writable()).isTrue();
        assertThat(done(log.read(0, ALL, NO_LIMIT)).events()).isEmpty();
    }

    @Test
    void assignsRisingPositionsAndIdsInTheOrderOfAcknowledgement() {
        EventLog log = open();

        List<Event> events =
                IntStream.range(0, 100).mapToObj(i -> append(log, "" + i)).toList();

        assertThat(events).extracting(Event::position).isSorted().doesNotHaveDuplicates();
        assertThat(events).extracting(event -> event.id().value()).isSorted().doesNotHaveDuplicates();
        assertThat(events).allSatisfy(event -> assertThat(event.id().value())
                .matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    }

    @Test
    void keepsAPublishersIdUnchanged() {
        EventLog log = open();

        Event event = done(log.append(withId("[\"a/b:c\"]")));

        assertThat(event.id().value()).isEqualTo("[\"a/b:c\"]");
        assertThat(event.frame()).hasToString("id: [\"a/b:c\"]\ndata: {}\n\n");
    }

    /** Data is stored as published; its frame is the same from memory and from the log. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "a\r\nb\rc\nd", "\r", "\n\n", "\r\n", " žluťoučký 🐎 "})
    void keepsDataUnchangedAndFramesIt(String data) {
        EventLog log = open();
        Event event = append(log, data);

        Event read = done(log.read(0, ALL, NO_LIMIT)).events().get(0);

        assertThat(read).isEqualTo(event);
        assertThat(read.data()).hasToString(data);
        assertThat(read.data().size()).isEqualTo(data.getBytes(StandardCharsets.UTF_8).length);
        assertThat(read.frame())
                .isEqualTo(Frame.builder().id(event.id().value()).data(data).build());
    }

    @Test
    void acknowledgedUpdateIsReadableFromTheLogAndTheRecentEvents() {
        EventLog log = open();

        Event event = append(log, "x");

        assertThat(done(log.read(0, ALL, NO_LIMIT)).events()).containsExactly(event);
        assertThat(log.recent().after(0, Long.MAX_VALUE, NO_LIMIT).events()).containsExactly(event);
    }

    @Test
    void concurrentPublishersLoseNothing() throws InterruptedException {
        EventLog log = open();
        ExecutorService publishers = Executors.newFixedThreadPool(20);
        List<CompletionStage<Event>> answers = Collections.synchronizedList(new ArrayList<>());

        for (int i = 0; i < 20; i++) {
            int publisher = i;
            publishers.execute(() -> {
                for (int n = 0; n < 200; n++) {
                    answers.add(log.append(Update.of(TOPIC, publisher + ":" + n)));
                }
            });
        }
        publishers.shutdown();
        assertThat(publishers.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        List<Event> answered = answers.stream().map(Patience::done).toList();
        List<Event> read = readAll(log, 0, ALL, 4_096);
        assertThat(read).hasSize(4_000).containsExactlyInAnyOrderElementsOf(answered);
        for (int i = 0; i < 20; i++) {
            String mine = "data: " + i + ":";
            assertThat(read.stream().map(event -> event.frame().toString()).filter(frame -> frame.contains(mine)))
                    .as("updates of one publisher are in the order in which it sent them")
                    .hasSize(200)
                    .isSortedAccordingTo((a, b) -> Integer.compare(number(a, mine), number(b, mine)));
        }
    }

    private static int number(String frame, String before) {
        return Integer.parseInt(
                frame.substring(frame.indexOf(before) + before.length()).strip());
    }

    @Test
    void announcesTheHeadOnceItIsReadableFromOneThreadAtATime() {
        EventLog log = open();
        List<Long> heads = Collections.synchronizedList(new ArrayList<>());
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger inside = new AtomicInteger();
        log.follow(head -> {
            if (inside.incrementAndGet() != 1) {
                faults.add("two threads announce");
            }
            if (log.recent().head() < head) {
                faults.add("announced before it can be read");
            }
            heads.add(head);
            inside.decrementAndGet();
        });

        List<CompletionStage<Event>> answers = IntStream.range(0, 1_000)
                .mapToObj(i -> log.append(Update.of(TOPIC, "" + i)))
                .toList();
        long last = answers.stream()
                .mapToLong(answer -> done(answer).position())
                .max()
                .orElseThrow();

        eventually().until(() -> !heads.isEmpty() && heads.get(heads.size() - 1) == last);
        assertThat(heads).isSorted().doesNotHaveDuplicates();
        assertThat(faults).isEmpty();
    }

    @Test
    void acceptsOnlyOneFollower() {
        EventLog log = open();
        log.follow(head -> {});

        assertThatThrownBy(() -> log.follow(head -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsOnlySelectedEvents() {
        EventLog log = open();
        List<Event> wanted = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String topic = i % 1_000 == 999 ? "rare" : "common";
            Event event = done(log.append(Update.of(new Topic(topic), "" + i)));
            if (topic.equals("rare")) {
                wanted.add(event);
            }
        }

        assertThat(readAll(log, 0, List.of(TopicSelector.parse("rare")), NO_LIMIT))
                .isEqualTo(wanted);
        assertThat(readAll(log, 0, List.of(TopicSelector.parse("none")), NO_LIMIT))
                .isEmpty();
    }

    @Test
    void readsAnEventOnceWhenSeveralSelectorsMatch() {
        EventLog log = open();
        Event event = done(log.append(new Update(
                List.of(new Topic("a"), new Topic("b")),
                "",
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty())));

        List<TopicSelector> both =
                List.of(TopicSelector.parse("a"), TopicSelector.parse("b"), TopicSelector.parse("*"));

        assertThat(readAll(log, 0, both, NO_LIMIT)).containsExactly(event);
    }

    @Test
    void readsEventsSelectedByTemplatesAmongOtherSelectors() {
        EventLog log = open();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            events.add(append(log, i % 5 == 0, "books/" + i % 7 + "/pages/" + i % 11, "users/" + i % 13));
        }
        events.add(append(log, false, "books/{id}/pages/7"));
        List<TopicSelector> grants = topics("users/{id}/x", "books/3/pages/{page}");

        for (List<TopicSelector> selectors : List.of(
                topics("books/{id}/pages/7"),
                topics("users/{id}", "users/3"),
                topics("users/3", "books/5/pages/{page}"),
                topics("books/{id}/pages/7", "users/3", "users/3", "books/{id}/pages/7", "none", "users/4"),
                topics("none/{id}"))) {
            List<Event> wanted = events.stream()
                    .filter(event -> anyMatches(selectors, event))
                    .toList();
            List<Long> readable = new ArrayList<>(wanted.stream()
                    .filter(event -> !event.isPrivate() || anyMatches(grants, event))
                    .map(Event::position)
                    .toList());
            Collections.reverse(readable);

            assertThat(readAll(log, 0, selectors, 20_000)).as("%s", selectors).isEqualTo(wanted);
            assertThat(lookBack(log, log.recent().head(), 10_000, selectors, grants))
                    .as("%s", selectors)
                    .isEqualTo(readable);
        }
    }

    private static boolean anyMatches(List<TopicSelector> selectors, Event event) {
        return event.topics().stream()
                .anyMatch(topic -> selectors.stream().anyMatch(selector -> selector.matches(topic)));
    }

    @Test
    void pageEndsAfterTheEventThatReachesTheLimit() {
        EventLog log = open();
        Event first = append(log, "x".repeat(1_000));
        Event second = append(log, "y".repeat(1_000));

        Page page = done(log.read(0, ALL, 1));

        assertThat(page.events()).containsExactly(first);
        assertThat(page.through()).isEqualTo(first.position());
        assertThat(done(log.read(page.through(), ALL, 1)).events()).containsExactly(second);
    }

    /** Positions of the newest selected events up to a position, by repeated lookbacks as in the hub. */
    private static List<Long> lookBack(
            EventLog log, long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        List<Long> positions = new ArrayList<>();
        long from = upTo + 1;
        while (positions.size() < count && from > Lookback.BEGINNING) {
            Lookback seen = done(log.lookBack(from - 1, count - positions.size(), selectors, grants));
            assertThat(seen.from()).as("lookback advances").isLessThan(from);
            assertThat(seen.positions()).as("no event beyond the end").allMatch(position -> position >= seen.from());
            positions.addAll(seen.positions());
            from = seen.from();
        }
        return positions;
    }

    private static List<TopicSelector> topics(String... names) {
        return Stream.of(names).map(TopicSelector::parse).toList();
    }

    private static Event append(EventLog log, boolean isPrivate, String... topics) {
        return done(log.append(new Update(
                Stream.of(topics).map(Topic::new).toList(),
                "{}",
                isPrivate,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty())));
    }

    @Test
    void lookbackReturnsTheNewestEventsNewestFirst() {
        EventLog log = open();
        Event first = append(log, "1");
        Event second = append(log, "2");
        Event third = append(log, "3");

        assertThat(lookBack(log, third.position(), 2, ALL, List.of()))
                .containsExactly(third.position(), second.position());
        assertThat(lookBack(log, second.position(), 1, ALL, List.of()))
                .as("lookback from an earlier position")
                .containsExactly(second.position());
        assertThat(lookBack(log, third.position(), 1_000, ALL, List.of()))
                .as("all retained events")
                .containsExactly(third.position(), second.position(), first.position());
    }

    @Test
    void lookbackOverAnEmptyLogCompletesInOneCall() {
        EventLog log = open();

        assertThat(done(log.lookBack(0, 1, ALL, List.of()))).isEqualTo(new Lookback(List.of(), Lookback.BEGINNING));
        assertThat(done(log.lookBack(0, 1, topics("news"), List.of())))
                .isEqualTo(new Lookback(List.of(), Lookback.BEGINNING));
    }

    @Test
    void lookbackIncludesAlternateTopicsAndReturnsEachEventOnce() {
        EventLog log = open();
        Event both = append(log, false, "a", "b");
        Event other = append(log, false, "c");
        Event alternate = append(log, false, "c", "a");

        assertThat(lookBack(log, alternate.position(), 10, topics("a", "b"), List.of()))
                .containsExactly(alternate.position(), both.position());
        assertThat(lookBack(log, alternate.position(), 10, topics("c"), List.of()))
                .containsExactly(alternate.position(), other.position());
        assertThat(lookBack(log, alternate.position(), 10, topics("none"), List.of()))
                .isEmpty();
    }

    @Test
    void lookbackSkipsPrivateEventsWithoutAGrant() {
        EventLog log = open();
        Event open = append(log, false, "a");
        Event granted = append(log, true, "a", "mine");
        Event hidden = append(log, true, "a", "theirs");

        for (List<TopicSelector> selectors : List.of(topics("a"), topics("a", "*"), ALL)) {
            assertThat(lookBack(log, hidden.position(), 2, selectors, List.of()))
                    .containsExactly(open.position());
            assertThat(lookBack(log, hidden.position(), 2, selectors, topics("mine")))
                    .containsExactly(granted.position(), open.position());
            assertThat(lookBack(log, hidden.position(), 2, selectors, ALL))
                    .containsExactly(hidden.position(), granted.position());
        }
    }

    @Test
    void lookbackEndsAtTheHorizon() {
        EventLog log = open(10, 1L << 30);
        List<Long> positions = IntStream.range(0, 25)
                .mapToObj(i -> append(log, "" + i).position())
                .toList();

        List<Long> found = lookBack(log, positions.get(24), 1_000, ALL, List.of());

        assertThat(found).hasSize(10).startsWith(positions.get(24)).endsWith(positions.get(15));
        assertThat(lookBack(log, positions.get(24), 1_000, List.of(new TopicSelector.Exact(TOPIC)), List.of()))
                .isEqualTo(found);
    }

    @Test
    void oneLookbackExaminesABoundedNumberOfEvents() {
        EventLog log = open();
        Event wanted = append(log, false, "a");
        long head = IntStream.range(0, 3_000)
                .mapToLong(i -> append(log, true, "a").position())
                .max()
                .orElseThrow();

        for (List<TopicSelector> selectors : List.of(ALL, topics("a"))) {
            Lookback seen = done(log.lookBack(head, 1, selectors, List.of()));

            assertThat(seen.positions()).isEmpty();
            assertThat(seen.from()).isGreaterThan(wanted.position());
            assertThat(lookBack(log, head, 1, selectors, List.of())).containsExactly(wanted.position());
        }
    }

    @Test
    void lookbackAndReadFindTheSameEventsForRandomSelectors() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EventLog log = open(4_000, 1L << 30);
        for (int i = 0; i < 5_000; i++) {
            log.append(new Update(
                    random.ints(1 + random.nextInt(3), 0, 1 + random.nextInt(40))
                            .mapToObj(topic -> new Topic("topic-" + topic))
                            .distinct()
                            .toList(),
                    "{}",
                    random.nextInt(3) == 0,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty()));
        }
        append(log, "the last");

        for (int i = 0; i < 100; i++) {
            List<TopicSelector> selectors = random.nextInt(10) == 0
                    ? ALL
                    : random.ints(1 + random.nextInt(20), 0, 45)
                            .mapToObj(topic -> TopicSelector.parse("topic-" + topic))
                            .toList();
            List<TopicSelector> grants = random.nextBoolean() ? List.of() : topics("topic-0", "topic-3");
            TopicFilter granted = new TopicFilter(grants);
            int count = 1 + random.nextInt(1_000);
            long upTo = log.horizon() + random.nextInt(4_000);
            List<Long> expected = new ArrayList<>(readAll(log, log.horizon(), selectors, NO_LIMIT).stream()
                    .filter(event -> event.position() <= upTo)
                    .filter(event -> !event.isPrivate() || granted.matches(event.topics()))
                    .map(Event::position)
                    .toList());
            Collections.reverse(expected);

            assertThat(lookBack(log, upTo, count, selectors, grants))
                    .as("seed=%d, %s, %s, up to %d, %d of them", seed, selectors, grants, upTo, count)
                    .isEqualTo(expected.subList(0, Math.min(count, expected.size())));
        }
    }

    @Test
    void findsAnEventByItsId() {
        EventLog log = open();
        append(log, "1");
        Event event = append(log, "2");
        append(log, "3");

        assertThat(done(log.find(event.id(), NO_GRANTS))).contains(event);
        assertThat(done(log.find(new EventId("urn:uuid:unknown"), NO_GRANTS))).isEmpty();
    }

    @Test
    void findsTheEarliestRetainedEventOfADuplicateId() {
        EventLog log = open(3, 1L << 30);
        Event first = done(log.append(withId("twice")));
        Event second = done(log.append(withId("twice")));
        append(log, "x");

        assertThat(done(log.find(first.id(), NO_GRANTS)).map(Event::position)).contains(first.position());

        append(log, "y");

        assertThat(done(log.find(first.id(), NO_GRANTS)).map(Event::position)).contains(second.position());
    }

    @Test
    void findsNeitherAnUnreadableEventNorALaterOneOfTheSameId() {
        EventLog log = open();
        Event secret = done(log.append(withId("twice", true)));
        List<TopicSelector> grants = List.of(new TopicSelector.Exact(TOPIC));

        assertThat(done(log.find(secret.id(), NO_GRANTS))).isEmpty();
        assertThat(done(log.find(secret.id(), List.of(TopicSelector.parse("other")))))
                .isEmpty();
        assertThat(done(log.find(secret.id(), grants))).contains(secret);

        Event open = done(log.append(withId("twice", false)));

        assertThat(done(log.find(secret.id(), NO_GRANTS))).contains(open);
        assertThat(done(log.find(secret.id(), grants))).contains(secret);
    }

    @Test
    void retentionByCountMovesTheHorizon() {
        EventLog log = open(10, 1L << 30);
        List<Event> events =
                IntStream.range(0, 25).mapToObj(i -> append(log, "" + i)).toList();

        assertThat(log.horizon()).isEqualTo(events.get(14).position());
        assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).isEqualTo(events.subList(15, 25));
        assertThat(done(log.find(events.get(14).id(), NO_GRANTS))).isEmpty();
    }

    @Test
    void retentionByBytesKeepsTheNewestEventOfAnySize() {
        EventLog log = open(1_000, 2_000);
        append(log, "a".repeat(900));
        append(log, "b".repeat(900));
        Event large = append(log, "c".repeat(5_000));

        assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).containsExactly(large);
    }

    @Test
    void statsCountWhatIsKeptAndWhatWasStored() {
        EventLog log = open(3, 1L << 30);
        assertThat(log.stats().kept()).isEqualTo(LogStats.Kept.NONE);

        List<Event> events =
                IntStream.range(0, 5).mapToObj(i -> append(log, "" + i)).toList();
        done(log.appendTransient(Update.of(TOPIC, "x")));

        eventually().until(() -> log.stats().kept().events() == 3);
        LogStats stats = log.stats();
        assertThat(stats.kept().oldest()).hasValue(events.get(2).acceptedAt());
        assertThat(stats.kept().bytes())
                .isEqualTo(events.stream().skip(2).mapToLong(Event::size).sum());
        assertThat(stats.appends().events()).isEqualTo(5);
        assertThat(stats.appends().bytes())
                .isEqualTo(events.stream().mapToLong(Event::size).sum());
        assertThat(stats.appends().transientEvents()).isEqualTo(1);
        assertThat(stats.appends().failed()).isZero();
        assertThat(stats.appends().commits().count()).isBetween(1L, 5L);
        assertThat(stats.queued()).isZero();
    }

    @Test
    void pageReportsEventsRemovedByRetention() {
        EventLog log = open(10, 1L << 30);
        List<Event> events =
                IntStream.range(0, 25).mapToObj(i -> append(log, "" + i)).toList();
        long gone = events.get(3).position();

        Page page = done(log.read(gone, ALL, NO_LIMIT));

        assertThat(page.after()).isEqualTo(log.horizon()).isGreaterThan(gone);
        assertThat(page.events()).first().isEqualTo(events.get(15));
        assertThat(done(log.read(log.horizon(), ALL, NO_LIMIT)).after())
                .as("resuming at the horizon is no gap")
                .isEqualTo(log.horizon());
    }

    @Test
    void readersSeeNoUnreportedHoleDuringRetention() {
        EventLog log = open(50, 1L << 30);
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20_000; i++) {
                append(log, "" + i);
            }
        });

        long at = 0;
        while (!publishing.isDone()) {
            Page page = done(log.read(at, ALL, 500));
            long expected = page.after();
            for (Event event : page.events()) {
                assertThat(event.position()).as("event after %d", expected).isEqualTo(expected + 1);
                expected = event.position();
            }
            assertThat(page.after()).isGreaterThanOrEqualTo(at);
            assertThat(page.through()).isEqualTo(expected);
            at = page.through();
        }
        publishing.join();
    }

    @Test
    void cursorOfAnotherLogIsRejected() {
        EventLog one = open();
        EventLog other = open();

        long position = append(one, "x").position();
        String cursor = one.cursors().seal(position);

        assertThat(one.cursors().open(cursor)).hasValue(position);
        assertThat(other.cursors().open(cursor)).isEmpty();
    }

    @Test
    void transientEventsTakePositionsButNoStorage() {
        EventLog log = open(3, 1L << 30);
        List<Event> kept = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            kept.add(append(log, "" + i));
            for (int j = 0; j < 20; j++) {
                Event event = done(log.appendTransient(Update.of(TOPIC, "transient")));
                assertThat(event.isTransient()).isTrue();
                assertThat(event.position()).isEqualTo(log.recent().head());
            }
        }

        assertThat(kept).extracting(Event::position).isSorted().doesNotHaveDuplicates();
        assertThat(kept).noneMatch(Event::isTransient);
        assertThat(log.horizon()).as("no event was removed").isZero();
        assertThat(done(log.read(0, ALL, NO_LIMIT)).events()).isEqualTo(kept);
        assertThat(lookBack(log, log.recent().head(), 10, ALL, NO_GRANTS))
                .containsExactly(
                        kept.get(2).position(),
                        kept.get(1).position(),
                        kept.get(0).position());
        assertThat(log.recent().after(0, Long.MAX_VALUE, NO_LIMIT).events()).hasSize(63);
    }

    @Test
    void pagesHaveNoGapInPlaceOfTransientEvents() {
        EventLog log = open();
        for (int i = 0; i < 50; i++) {
            append(log, "" + i);
            done(log.appendTransient(Update.of(TOPIC, "transient")));
        }

        long at = 0;
        for (int i = 0; i < 50; i++) {
            Page page = done(log.read(at, ALL, 1));
            assertThat(page.after()).isEqualTo(at);
            at = page.through();
        }
    }

    @Test
    void closedLogRejectsUpdatesAndKeepsAcceptedOnes() {
        EventLog log = open();
        List<CompletionStage<Event>> answers = IntStream.range(0, 500)
                .mapToObj(i -> log.append(Update.of(TOPIC, "" + i)))
                .toList();

        log.close();

        assertThat(new HashSet<>(answers.stream().map(Patience::done).toList())).hasSize(500);
        assertThat(log.append(Update.of(TOPIC, "late")).toCompletableFuture())
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(LogClosedException.class);
        assertThat(log.writable()).isFalse();
        log.close();
    }

    /** Expensive templates: their cost is bounded per page, lookback and look-up, and delays no other reader. */
    private static List<TopicSelector> expensive() {
        return IntStream.range(0, 7).mapToObj(ExpensiveTemplates::template).toList();
    }

    private static void appendLongTopics(EventLog log, int count) {
        for (int i = 0; i < count; i++) {
            done(log.append(Update.of(ExpensiveTemplates.topic(i), "x")));
        }
        done(log.append(Update.of(ExpensiveTemplates.matching(count), "wanted")));
    }

    @Test
    void pageEndsAtTheMatchBudgetAndTheNextReadContinues() {
        EventLog log = open();
        appendLongTopics(log, 100);
        long head = log.recent().head();
        List<Event> found = new ArrayList<>();
        int pages = 0;

        for (long through = 0; through < head; pages++) {
            Page page = done(log.read(through, expensive(), NO_LIMIT));
            assertThat(page.after()).isEqualTo(through);
            assertThat(page.through()).isGreaterThan(through);
            found.addAll(page.events());
            through = page.through();
        }

        assertThat(pages).isGreaterThan(1);
        assertThat(found).extracting(event -> event.topics().get(0)).containsExactly(ExpensiveTemplates.matching(100));
    }

    @Test
    void lookbackEndsAtTheMatchBudgetAndTheNextCallContinues() {
        EventLog log = open();
        done(log.append(Update.of(ExpensiveTemplates.matching(1_000), "wanted")));
        for (int i = 0; i < 100; i++) {
            done(log.append(Update.of(ExpensiveTemplates.topic(i), "x")));
        }
        long from = log.recent().head() + 1;
        List<Long> found = new ArrayList<>();
        int looks = 0;

        for (; from > Lookback.BEGINNING && found.isEmpty(); looks++) {
            Lookback seen = done(log.lookBack(from - 1, 1, expensive(), NO_GRANTS));
            assertThat(seen.from()).isLessThan(from);
            found.addAll(seen.positions());
            from = seen.from();
        }

        assertThat(looks).isGreaterThan(1);
        assertThat(found).hasSize(1);
    }

    @Test
    void expensiveSelectorsDelayNoCheapOnes() {
        EventLog log = open();
        appendLongTopics(log, 50);
        long head = log.recent().head();
        EventId id = log.recent().newest(event -> true).orElseThrow().id();

        List<CompletableFuture<?>> expensive = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            expensive.add(log.read(0, expensive(), NO_LIMIT).toCompletableFuture());
            expensive.add(log.lookBack(head, 1_000, expensive(), expensive()).toCompletableFuture());
        }
        CompletableFuture<?> last = expensive.get(expensive.size() - 1);
        List<TopicSelector> cheap = List.of(TopicSelector.parse("news/{x}"));
        // Compared on the thread that completes the cheap one: this thread may have to wait for a processor.
        List<CompletableFuture<Boolean>> late = Stream.of(
                        log.read(0, cheap, NO_LIMIT),
                        log.read(0, List.of(new TopicSelector.Exact(TOPIC)), NO_LIMIT),
                        log.lookBack(head, 1, cheap, NO_GRANTS),
                        log.find(id, cheap))
                .map(read -> read.thenApply(result -> last.isDone()).toCompletableFuture())
                .toList();

        assertThat(late).allSatisfy(read -> assertThat(done(read)).isFalse());
        expensive.forEach(Patience::done);
    }
}
