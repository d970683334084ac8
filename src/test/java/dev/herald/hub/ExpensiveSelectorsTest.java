package dev.herald.hub;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.ExpensiveTemplates;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that expensive selectors delay only their own streams: with live events, replay, grants of private events, and
 * long or many topics. Each stream still gets exactly its events, once and in order.
 */
class ExpensiveSelectorsTest {
    private static final int CROWD = 30;
    private static final int TOPICS = 60;

    private final EventExecutor loop = new DefaultEventExecutor();
    private final MemoryEventLog log;
    private final Hub hub;

    ExpensiveSelectorsTest() {
        Retention plenty = Retention.of(1_000_000, 1L << 30);
        log = new MemoryEventLog(plenty, 1L << 30, 64 << 10, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());
        hub = new Hub(log, TestConfig.QUIET);
    }

    @AfterEach
    void close() {
        hub.close();
        log.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static Subscription to(List<TopicSelector> selectors, List<TopicSelector> grants, Optional<String> id) {
        return new Subscription(selectors, grants, id, true);
    }

    private static List<TopicSelector> parsed(String... selectors) {
        return Stream.of(selectors).map(TopicSelector::parse).toList();
    }

    private static List<TopicSelector> expensive(int stream) {
        return IntStream.range(0, 7)
                .mapToObj(i -> ExpensiveTemplates.template(stream * 7 + i))
                .toList();
    }

    private RecordingOutlet open(Subscription subscription) {
        return new RecordingOutlet(loop).open(hub, subscription);
    }

    private static Update update(List<Topic> topics, String data, boolean isPrivate) {
        return new Update(topics, data, isPrivate, Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    private static List<Topic> newsAndLongTopics() {
        return Stream.concat(
                        Stream.of(new Topic("news")), IntStream.range(0, TOPICS).mapToObj(ExpensiveTemplates::topic))
                .toList();
    }

    /** Publishes events one by one, each after the other stream received the last. */
    private void othersGetAllBefore(List<RecordingOutlet> crowd, RecordingOutlet other, boolean isPrivate) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            done(hub.publish(update(newsAndLongTopics(), "event " + i, isPrivate)));
            expected.add("event " + i);
            eventually().until(() -> other.data().size() == expected.size());
        }
        assertThat(other.data()).isEqualTo(expected);
        // Matching for the whole crowd would take many seconds, so it is not finished.
        assertThat(crowd).allSatisfy(stream -> assertThat(stream.data()).isEmpty());
    }

    @Test
    void liveEventsReachOthersBeforeACrowdWithExpensiveTemplatesHasMatchedTheFirst() {
        RecordingOutlet exact = open(to(parsed("news"), List.of(), Optional.empty()));
        RecordingOutlet all = open(to(parsed("*"), List.of(), Optional.empty()));
        List<RecordingOutlet> crowd = IntStream.range(0, CROWD)
                .mapToObj(i -> open(to(expensive(i), List.of(), Optional.empty())))
                .toList();

        othersGetAllBefore(crowd, exact, false);

        eventually().until(() -> all.data().size() == 5);
    }

    @Test
    void privateEventsReachOthersBeforeACrowdWithExpensiveGrantsHasMatchedTheFirst() {
        RecordingOutlet exact = open(to(parsed("news"), parsed("news"), Optional.empty()));
        List<RecordingOutlet> crowd = IntStream.range(0, CROWD)
                .mapToObj(i -> open(to(parsed(ExpensiveTemplates.topic(0).name()), expensive(i), Optional.empty())))
                .toList();

        othersGetAllBefore(crowd, exact, true);
    }

    @Test
    void replayOfExpensiveTemplatesDelaysNoLiveEvents() {
        for (int i = 0; i < 20; i++) {
            done(hub.publish(update(newsAndLongTopics(), "old", false)));
        }
        RecordingOutlet exact = open(to(parsed("news"), List.of(), Optional.empty()));
        List<RecordingOutlet> crowd = IntStream.range(0, 2)
                .mapToObj(i ->
                        open(to(List.of(ExpensiveTemplates.template(i), no(i)), List.of(), Optional.of("earliest"))))
                .toList();

        for (int i = 1; i <= 5; i++) {
            int count = i;
            done(hub.publish(Update.of(new Topic("news"), "new")));
            eventually().until(() -> exact.data().size() == count);
        }

        assertThat(exact.faults()).isEmpty();
        assertThat(crowd).hasSize(2);
    }

    private static TopicSelector no(int number) {
        return ExpensiveTemplates.template(1_000 + number);
    }

    @Test
    void expensiveGrantsOfAPublisherAreMatchedOffItsThread() {
        TopicFilter granted =
                new TopicFilter(IntStream.range(0, 15).mapToObj(i -> no(i)).toList());

        CompletionStage<Boolean> answer =
                hub.match(granted.matchingEach(List.of(ExpensiveTemplates.topic(0), ExpensiveTemplates.topic(1))));

        assertThat(answer.toCompletableFuture()).isNotDone();
        assertThat(done(answer)).isFalse();
    }

    @Test
    void cheapGrantsOfAPublisherAreMatchedOnItsThread() {
        TopicFilter granted = new TopicFilter(parsed("news", "users/{id}"));

        assertThat(hub.match(granted.matchingEach(List.of(new Topic("news"), new Topic("users/1"))))
                        .toCompletableFuture())
                .isCompletedWithValue(true);
    }

    /**
     * Compared with a naive model: cheap, larger and expensive selectors, long topics, joins, leaves, stalled sockets,
     * replay.
     */
    @Test
    void eachStreamGetsItsEventsOnceInOrderForAnyMixOfSelectors() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<TopicSelector> selectors =
                new ArrayList<>(parsed("*", "a", "b", "{x}", "a{x}", "/{x}", "/b/{x}", "{+x}!"));
        selectors.add(TopicSelector.parse("{x}a".repeat(150) + "{+y}"));
        IntStream.range(0, 4).mapToObj(ExpensiveTemplates::template).forEach(selectors::add);
        List<Topic> topics = new ArrayList<>(Stream.of("a", "b", "ab", "/1", "/b/1", "c d", "x!")
                .map(Topic::new)
                .toList());
        IntStream.range(0, 8).mapToObj(ExpensiveTemplates::matching).forEach(topics::add);
        List<Session> streams = new ArrayList<>();
        List<Event> events = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            int event = i;
            if (i % 8 == 0) {
                Subscription subscription = to(
                        some(random, selectors, 3),
                        random.nextInt(3) == 0 ? some(random, selectors, 2) : List.of(),
                        random.nextInt(4) == 0 ? Optional.of("earliest") : Optional.empty());
                streams.add(new Session(subscription, open(subscription), events.size()));
            }
            List<Topic> of = some(random, topics, random.nextInt(30) == 0 ? 30 : 3).stream()
                    .distinct()
                    .toList();
            events.add(done(hub.publish(update(of, Integer.toString(event), random.nextInt(3) == 0))));
            RecordingOutlet any = streams.get(random.nextInt(streams.size())).outlet;
            switch (random.nextInt(20)) {
                case 0 -> any.block();
                case 1, 2 -> any.unblock();
                case 3 -> any.allow(random.nextInt(2_000));
                default -> {}
            }
        }
        for (Session stream : streams) {
            stream.outlet.allow(Long.MAX_VALUE / 2);
            stream.outlet.unblock();
        }

        for (Session stream : streams) {
            List<String> expected = stream.expected(events);
            eventually().until(() -> stream.outlet.data().size() >= expected.size());
            assertThat(stream.outlet.data())
                    .as("seed=%d from=%d %s", seed, stream.from, stream.subscription)
                    .isEqualTo(expected);
            assertThat(stream.outlet.faults()).as("seed=%d", seed).isEmpty();
            assertThat(stream.outlet.gaps()).as("seed=%d", seed).isEmpty();
        }
    }

    private static <T> List<T> some(Random random, List<T> of, int most) {
        return random.ints(1 + random.nextInt(most), 0, of.size())
                .mapToObj(of::get)
                .toList();
    }

    /** A stream and the number of events before it. */
    private record Session(Subscription subscription, RecordingOutlet outlet, int from) {
        List<String> expected(List<Event> events) {
            return events.subList(subscription.lastEventId().isPresent() ? 0 : from, events.size()).stream()
                    .filter(event -> any(subscription.selectors(), event))
                    .filter(event -> !event.isPrivate() || any(subscription.grants(), event))
                    .map(event -> event.frame().toString().replaceAll("(?s).*data: (\\d+)\n.*", "$1"))
                    .toList();
        }

        private static boolean any(List<TopicSelector> selectors, Event event) {
            return event.topics().stream().anyMatch(topic -> selectors.stream().anyMatch(s -> s.matches(topic)));
        }
    }
}
