package dev.herald.hub;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.replay.PageReader;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of streams that begin with the newest event of each topic (PROTOCOL Q18), with each log. */
class LatestOfEachTopicTest {
    private static final long PLENTY = 1L << 30;
    private static final int RECENT_BYTES = 10_000;

    @TempDir
    Path directory;

    private final HeapShares heap = HeapShares.of(1L << 30, false);
    private final EventExecutor loop = new DefaultEventExecutor();
    private EventLog log;
    private Hub hub;

    /** Kind of a log. */
    enum Kind {
        MEMORY,
        FILE
    }

    private void start(Kind kind, long maxEvents) {
        Retention retention = Retention.of(maxEvents, PLENTY);
        MemoryBudget updates = MemoryBudget.unlimited();
        Clock clock = Clock.systemUTC();
        log = kind == Kind.MEMORY
                ? new MemoryEventLog(retention, PLENTY, RECENT_BYTES, 100_000, updates, clock)
                : SqliteEventLog.open(directory, Durability.COMMIT, retention, RECENT_BYTES, 100_000, updates, clock);
        hub = new Hub(log, TestConfig.QUIET, SubscriptionListener.NONE, heap);
    }

    @AfterEach
    void stop() {
        hub.close();
        log.close();
        loop.shutdownGracefully();
    }

    private static Subscription latest(String... selectors) {
        return subscription(Optional.empty(), selectors);
    }

    private static Subscription subscription(Optional<String> lastEventId, String... selectors) {
        return new Subscription(
                Stream.of(selectors).map(TopicSelector::parse).toList(),
                List.of(),
                lastEventId,
                Optional.of(new ReplayFrom.LatestOfEachTopic()),
                true,
                Optional.empty(),
                Optional.empty());
    }

    private static Update update(String topic, boolean isPrivate, String data) {
        return new Update(
                List.of(new Topic(topic)), data, isPrivate, Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    private Event publish(String topic, String data) {
        return done(hub.publish(update(topic, false, data)));
    }

    /** Publishes an event of each of these topics, whose data is the number. */
    private void publishAll(int from, int to, String padding) {
        for (int i = from; i < to; i += 1_000) {
            done(hub.publish(new UpdateBatch(
                    IntStream.range(i, Math.min(to, i + 1_000))
                            .mapToObj(number -> update("t/" + number, false, number + padding))
                            .toList(),
                    Optional.empty())));
        }
    }

    private RecordingOutlet open(Subscription subscription) {
        return new RecordingOutlet(loop).open(hub, subscription);
    }

    private static boolean isLive(RecordingOutlet outlet) {
        return !blocks(outlet, "event: live\n").isEmpty();
    }

    private static List<String> blocks(RecordingOutlet outlet, String start) {
        return outlet.frames().stream()
                .map(Object::toString)
                .filter(frame -> frame.startsWith(start))
                .toList();
    }

    private static void awaitLive(RecordingOutlet outlet) {
        eventually().until(() -> isLive(outlet));
        assertThat(outlet.faults()).isEmpty();
    }

    private static List<String> numbers(int from, int to, String padding) {
        return IntStream.range(from, to).mapToObj(number -> number + padding).toList();
    }

    @ParameterizedTest
    @EnumSource
    void q18StreamBeginsWithTheNewestEventOfEachTopicThenReportsLiveThenContinues(Kind kind) {
        start(kind, PLENTY);
        publish("a", "old");
        publish("b", "b1");
        publish("a", "a1");
        publish("c", "other");
        done(hub.publish(update("b", true, "secret")));

        RecordingOutlet outlet = open(latest("a", "b"));
        awaitLive(outlet);
        publish("b", "b2");
        publish("a", "a2");
        publish("c", "other");

        eventually().until(() -> outlet.data().size() == 4);
        assertThat(outlet.data()).containsExactly("b1", "a1", "b2", "a2");
        List<String> frames = outlet.frames().stream().map(Object::toString).toList();
        assertThat(frames.get(0)).contains("\nid: #", "data: {}");
        assertThat(frames.get(3)).startsWith("event: live\nid: #").contains("data: {}");
        assertThat(blocks(outlet, "event: live\n")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void q18StreamWithoutAnyEventIsLiveAtOnce(Kind kind) {
        start(kind, PLENTY);

        RecordingOutlet outlet = open(latest("*"));

        awaitLive(outlet);
        publish("a", "a1");
        eventually().until(() -> outlet.data().equals(List.of("a1")));
    }

    /** The reader is slower than the publisher, and most events have left the memory by the time it gets them. */
    @ParameterizedTest
    @EnumSource
    void q18EventsPublishedWhileASlowReaderGetsTheSnapshotFollowItOnce(Kind kind) {
        start(kind, PLENTY);
        String padding = "x".repeat(500);
        publishAll(0, 500, "superseded");
        publishAll(0, 500, padding);
        RecordingOutlet outlet = new RecordingOutlet(loop);
        outlet.block();
        outlet.open(hub, latest("*"));
        publishAll(0, 250, "new" + padding);

        long mostWritten = 0;
        outlet.allow(1_000);
        outlet.unblock();
        for (int i = 0; i < 10; i++) {
            outlet.allow(20_000);
            publish("t/" + i, "newest");
            mostWritten = Math.max(mostWritten, outlet.writtenWhileFull());
        }
        outlet.allow(PLENTY);
        awaitLive(outlet);

        List<String> expected = new ArrayList<>(numbers(0, 500, padding));
        expected.addAll(numbers(0, 250, "new" + padding));
        IntStream.range(0, 10).forEach(i -> expected.add("newest"));
        assertThat(outlet.data()).isEqualTo(expected);
        assertThat(outlet.gaps()).isEmpty();
        assertThat(mostWritten).isLessThan(3L * PageReader.PAGE_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void q18ReaderThatRetentionOvertakesWithinTheSnapshotGetsAGap(Kind kind) {
        start(kind, 500);
        String padding = "x".repeat(500);
        publishAll(0, 500, padding);
        RecordingOutlet outlet = new RecordingOutlet(loop);
        outlet.block();
        outlet.open(hub, latest("*"));
        outlet.allow(40_000);
        outlet.unblock();
        eventually().until(() -> outlet.bytes() >= 40_000);

        publishAll(1_000, 1_400, "later");
        outlet.allow(PLENTY);

        awaitLive(outlet);
        int before = outlet.data().size() - 500;
        assertThat(before).as("events before the gap").isBetween(50, 200);
        List<String> expected = new ArrayList<>(numbers(0, before, padding));
        expected.addAll(numbers(400, 500, padding));
        expected.addAll(numbers(1_000, 1_400, "later"));
        assertThat(outlet.data()).isEqualTo(expected);
        assertThat(outlet.gaps()).hasSize(1);
        assertThat(outlet.frames().get(before + 1)).hasToString(outlet.gaps().get(0));
    }

    @ParameterizedTest
    @EnumSource
    void q18TooManyTopicsAreReportedByAGapBeforeTheNewestOnes(Kind kind) {
        start(kind, PLENTY);
        publishAll(0, TopicSnapshot.MAX_TOPICS + 5, "");

        RecordingOutlet outlet = open(latest("t/{number}"));

        awaitLive(outlet);
        assertThat(outlet.data()).isEqualTo(numbers(5, TopicSnapshot.MAX_TOPICS + 5, ""));
        assertThat(outlet.gaps()).hasSize(1);
        assertThat(outlet.frames().get(1)).hasToString(outlet.gaps().get(0));
    }

    /** From each id of the stream: the snapshot's events that are missing come, and everything later. */
    @ParameterizedTest
    @EnumSource
    void q18ReconnectionWithinTheSnapshotMissesNothingAndRepeatsNothingReceived(Kind kind) {
        start(kind, PLENTY);
        IntStream.range(0, 20).forEach(i -> publish("t/" + i % 7, "" + i));
        RecordingOutlet first = open(latest("*"));
        awaitLive(first);
        publish("t/1", "20");
        List<String> ids = first.frames().stream()
                .flatMap(frame -> frame.toString().lines())
                .filter(line -> line.startsWith("id: "))
                .map(line -> line.substring(4))
                .toList();
        eventually().until(() -> first.data().size() == 8);

        for (int i = 0; i < 8; i++) {
            RecordingOutlet resumed = open(subscription(Optional.of(ids.get(i)), "*"));
            awaitLive(resumed);
            int from = 13 + i;
            eventually().untilAsserted(() -> assertThat(resumed.data()).isEqualTo(numbers(from, 21, "")));
            assertThat(resumed.gaps()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void q18HeapBytesOfASnapshotAreReleasedWhenItIsSentAndWhenItsReaderLeaves(Kind kind) {
        start(kind, PLENTY);
        publishAll(0, 2_000, "");
        RecordingOutlet outlet = new RecordingOutlet(loop);
        outlet.block();
        Subscription subscription = latest("*");

        outlet.open(hub, subscription);
        assertThat(heap.streams().reserved()).isGreaterThan(subscription.heapBytes() + 16_000);
        outlet.unblock();
        awaitLive(outlet);

        assertThat(heap.streams().reserved()).isEqualTo(subscription.heapBytes());
        RecordingOutlet another = new RecordingOutlet(loop);
        another.block();
        another.open(hub, subscription);
        another.cancel();
        eventually().until(() -> heap.streams().reserved() == subscription.heapBytes());
        assertThat(subscription.startingBytes()).isGreaterThan(subscription.heapBytes() + 100_000);
        assertThat(subscription(Optional.of("1"), "*").startingBytes())
                .isEqualTo(subscription(Optional.of("1"), "*").heapBytes());
    }

    @ParameterizedTest
    @EnumSource
    void q18RequestsWithTheSameSelectorsShareOneSearchWhichEndsWhenAllAreCancelled(Kind kind) {
        start(kind, PLENTY);
        publish("a", "a1");
        AtomicInteger searches = new AtomicInteger();
        AtomicBoolean firstLeft = new AtomicBoolean();
        AtomicBoolean secondLeft = new AtomicBoolean();
        CompletableFuture<Void> begin = new CompletableFuture<>();
        List<BooleanSupplier> cancelled = new ArrayList<>();
        StartLookup starts = new StartLookup(
                new DelegatingLog(log) {
                    @Override
                    public CompletionStage<TopicSnapshot> latest(
                            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier isCancelled) {
                        searches.incrementAndGet();
                        cancelled.add(isCancelled);
                        return begin.thenCompose(now -> super.latest(selectors, grants, isCancelled));
                    }
                },
                hub::match);

        CompletionStage<StartPosition> first = starts.find(latest("*"), loop, firstLeft::get);
        CompletionStage<StartPosition> second = starts.find(latest("*"), loop, secondLeft::get);
        starts.find(latest("a"), loop, () -> false);

        assertThat(searches).hasValue(2);
        firstLeft.set(true);
        assertThat(cancelled.get(0).getAsBoolean()).isFalse();
        secondLeft.set(true);
        assertThat(cancelled.get(0).getAsBoolean()).isTrue();
        CompletionStage<StartPosition> third = starts.find(latest("*"), loop, () -> false);
        assertThat(searches).as("a cancelled search is not joined").hasValue(3);
        begin.complete(null);
        assertThat(done(first)).isEqualTo(done(second));
        assertThat(((StartPosition.At) done(third)).snapshot().orElseThrow().size())
                .isEqualTo(1);
        done(starts.find(latest("*"), loop, () -> false));
        assertThat(searches).as("a search that has ended is not shared").hasValue(4);
    }

    @Test
    void q16SnapshotOfAReaderThatGetsNoLaterEventsHasAllThatTheLogHas() {
        start(Kind.MEMORY, PLENTY);
        publish("a", "a1");
        AtomicInteger searches = new AtomicInteger();
        StartLookup starts = new StartLookup(
                new DelegatingLog(log) {
                    @Override
                    public CompletionStage<TopicSnapshot> latest(
                            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier isCancelled) {
                        searches.incrementAndGet();
                        return new CompletableFuture<>();
                    }
                },
                hub::match);
        starts.find(latest("*"), loop, () -> false, true);
        starts.find(latest("*"), loop, () -> false, true);
        assertThat(searches).hasValue(1);

        publish("a", "a2");
        starts.find(latest("*"), loop, () -> false, false);
        assertThat(searches).as("a stream gets a2 after the snapshot").hasValue(1);
        starts.find(latest("*"), loop, () -> false, true);
        assertThat(searches).hasValue(2);
    }

    /**
     * The thread that joins a search may have locked another request of it, such as that of a connection over HTTP/2.
     */
    @Test
    void invariant8SearchCallsNoRequestWithinItsLock() {
        start(Kind.MEMORY, PLENTY);
        CompletableFuture<BooleanSupplier> search = new CompletableFuture<>();
        StartLookup starts = new StartLookup(
                new DelegatingLog(log) {
                    @Override
                    public CompletionStage<TopicSnapshot> latest(
                            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier isCancelled) {
                        search.complete(isCancelled);
                        return new CompletableFuture<>();
                    }
                },
                hub::match);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch joined = new CountDownLatch(1);
        starts.find(latest("*"), loop, () -> {
            asked.countDown();
            awaitLatch(joined);
            return false;
        });
        CompletableFuture<Boolean> cancelled = CompletableFuture.supplyAsync(done(search)::getAsBoolean);
        awaitLatch(asked);

        done(CompletableFuture.runAsync(() -> starts.find(latest("*"), loop, () -> false)));

        joined.countDown();
        assertThat(done(cancelled)).isFalse();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
