package dev.herald.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.replay.PageReader;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.StreamEnd;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HubTest {
    private static final Topic NEWS = new Topic("news");
    private static final long PLENTY = 1L << 30;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.hub");

    private final EventExecutor loop = new DefaultEventExecutor();
    private final List<AutoCloseable> opened = new ArrayList<>();

    private EventLog log = new MemoryEventLog(
            Retention.of(1_000_000, PLENTY), PLENTY, 32 << 20, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
        log.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Hub hub() {
        return hub(TestConfig.QUIET);
    }

    private Hub hub(SseConfig config) {
        Hub hub = new Hub(log, config);
        opened.add(hub);
        return hub;
    }

    private void smallLog(long maxEvents, long recentBytes) {
        log.close();
        log = new MemoryEventLog(
                Retention.of(maxEvents, PLENTY),
                PLENTY,
                recentBytes,
                100_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
    }

    private static Subscription to(String... selectors) {
        return new Subscription(
                Stream.of(selectors).map(TopicSelector::parse).toList(), List.of(), Optional.empty(), true);
    }

    private static Subscription after(Subscription subscription, String lastEventId) {
        return new Subscription(
                subscription.selectors(), subscription.grants(), Optional.of(lastEventId), subscription.signals());
    }

    private static Subscription since(Subscription subscription, ReplayFrom since) {
        return new Subscription(
                subscription.selectors(),
                subscription.grants(),
                subscription.lastEventId(),
                Optional.of(since),
                subscription.signals(),
                Optional.empty(),
                Optional.empty());
    }

    private static Subscription latest(Subscription subscription, int count) {
        return since(subscription, new ReplayFrom.Latest(count));
    }

    private static Subscription withoutSignals(Subscription subscription) {
        return new Subscription(subscription.selectors(), subscription.grants(), subscription.lastEventId(), false);
    }

    private static Subscription until(Subscription subscription, Instant expiry) {
        return new Subscription(
                subscription.selectors(),
                subscription.grants(),
                subscription.lastEventId(),
                subscription.since(),
                subscription.signals(),
                Optional.of(expiry),
                Optional.empty());
    }

    private static Subscription granted(Subscription subscription, String selector) {
        return new Subscription(
                subscription.selectors(),
                List.of(TopicSelector.parse(selector)),
                subscription.lastEventId(),
                subscription.signals());
    }

    private RecordingOutlet open(Hub hub, Subscription subscription) {
        return new RecordingOutlet(loop).open(hub, subscription);
    }

    private static Event publish(Hub hub, String topic, String data) {
        return done(hub.publish(Update.of(new Topic(topic), data)));
    }

    private static Event publishPrivate(Hub hub, String topic, String data) {
        return done(hub.publish(new Update(
                List.of(new Topic(topic)), data, true, Optional.empty(), Optional.empty(), OptionalLong.empty())));
    }

    private static void awaitData(RecordingOutlet outlet, List<String> expected) {
        eventually().untilAsserted(() -> assertThat(outlet.data()).isEqualTo(expected));
        assertThat(outlet.faults()).isEmpty();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void lastEventIdDoesNotRevealPrivateEvents() {
        Hub hub = hub();

        assertThat(hub.lastEventId(List.of())).isEqualTo("earliest");
        Event secret = publishPrivate(hub, "news", "\"secret\"");
        String lastEventId = hub.lastEventId(List.of());

        assertThat(lastEventId).isEqualTo("earliest");
        assertThat(hub.lastEventId(List.of(TopicSelector.parse("news"))))
                .isEqualTo(secret.id().value());
        publish(hub, "news", "1");
        awaitData(open(hub, after(to("news"), lastEventId)), List.of("1"));
    }

    @Test
    void lastEventIdDoesNotRevealTheNumberOfPrivateEvents() {
        smallLog(1_000_000, 2_000);
        Hub hub = hub();
        String open = publish(hub, "news", "1").id().value();

        for (int i = 0; i < 50; i++) {
            publishPrivate(hub, "news", "\"secret\"");
        }

        assertThat(hub.lastEventId(List.of())).isEqualTo(open);
        awaitData(open(hub, granted(after(to("news"), open), "other")), List.of());
    }

    @Test
    void lastEventIdIsEarliestAfterRetentionRemovedTheEvent() {
        smallLog(10, 32 << 20);
        Hub hub = hub();
        publish(hub, "news", "1");

        for (int i = 0; i < 50; i++) {
            publishPrivate(hub, "news", "\"secret\"");
        }

        assertThat(hub.lastEventId(List.of())).isEqualTo("earliest");
    }

    @Test
    void q8BeginsWithTheReconnectionTimeACursorAndAnEmptyMessage() {
        Hub hub = hub();
        publish(hub, "news", "before");

        RecordingOutlet outlet = open(hub, to("news"));

        eventually().until(() -> !outlet.frames().isEmpty());
        assertThat(outlet.frames().get(0).toString()).matches("retry: 2000\nid: #[A-Za-z0-9_-]{70}\ndata: \\{}\n\n");
        assertThat(outlet.data()).as("no earlier event").isEmpty();
    }

    @Test
    void liveSubscriberGetsEachMatchingEventInOrder() {
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("news"));

        for (int i = 0; i < 100; i++) {
            publish(hub, "news", "" + i);
            publish(hub, "other", "not for you");
        }

        awaitData(outlet, numbers(0, 100));
    }

    @Test
    void eventThatMatchesTwoSelectorsIsDeliveredOnce() {
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("a", "b", "*"));

        done(hub.publish(new Update(
                List.of(new Topic("a"), new Topic("b")),
                "1",
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty())));
        publish(hub, "c", "2");

        awaitData(outlet, List.of("1", "2"));
    }

    @Test
    void invariant4AllStreamsShareOneFrameInstance() {
        Hub hub = hub();
        RecordingOutlet live = open(hub, to("news"));
        RecordingOutlet other = open(hub, to("*"));

        Event event = publish(hub, "news", "1");
        RecordingOutlet replayed = open(hub, after(to("news"), EventId.EARLIEST));

        awaitData(live, List.of("1"));
        awaitData(other, List.of("1"));
        awaitData(replayed, List.of("1"));
        assertThat(Stream.of(live, other, replayed)
                        .map(outlet -> outlet.frames().get(1)))
                .allSatisfy(frame -> assertThat(frame).isSameAs(event.frame()));
    }

    @Test
    void streamDeliversEventsPublishedBetweenLocateAndOpen() {
        Hub hub = hub();
        publish(hub, "news", "before");
        StartPosition start = done(hub.locate(to("news"), loop, () -> false));
        publish(hub, "news", "between");

        RecordingOutlet outlet = new RecordingOutlet(loop).open(hub, to("news"), start);

        awaitData(outlet, List.of("between"));
    }

    @Test
    void q10ReplaysFromTheEventAfterTheGivenIdThenGoesLive() {
        Hub hub = hub();
        List<Event> events = IntStream.range(0, 10)
                .mapToObj(i -> publish(hub, "news", "" + i))
                .toList();

        RecordingOutlet outlet = open(hub, after(to("news"), events.get(3).id().value()));
        publish(hub, "news", "10");

        awaitData(outlet, numbers(4, 11));
        assertThat(outlet.gaps()).isEmpty();
    }

    @Test
    void q10EarliestReplaysTheWholeLogWithoutAGap() {
        smallLog(5, 32 << 20);
        Hub hub = hub();
        for (int i = 0; i < 8; i++) {
            publish(hub, "news", "" + i);
        }

        RecordingOutlet outlet = open(hub, after(to("news"), EventId.EARLIEST));

        awaitData(outlet, numbers(3, 8));
        assertThat(outlet.gaps()).isEmpty();
    }

    @Test
    void q10SinceNReplaysTheNewestNEventsOfItsTopics() {
        Hub hub = hub();
        for (int i = 0; i < 10; i++) {
            publish(hub, "news", "" + i);
            publish(hub, "other", "not for you");
        }

        RecordingOutlet three = open(hub, latest(to("news"), 3));
        RecordingOutlet all = open(hub, latest(to("news"), 1_000));
        RecordingOutlet none = open(hub, latest(to("silence"), 1_000));

        awaitData(three, numbers(7, 10));
        awaitData(all, numbers(0, 10));
        publish(hub, "news", "10");
        publish(hub, "silence", "first");
        awaitData(three, numbers(7, 11));
        awaitData(all, numbers(0, 11));
        awaitData(none, List.of("first"));
        assertThat(all.gaps())
                .as("a log with fewer events than requested has no gap")
                .isEmpty();
    }

    @Test
    void q10SinceNReadsTheLogBeyondTheRecentEvents() {
        smallLog(1_000_000, 1);
        Hub hub = hub();
        for (int i = 0; i < 5_000; i++) {
            log.append(Update.of(NEWS, "" + i));
        }
        publish(hub, "other", "not for you");

        RecordingOutlet outlet = open(hub, latest(to("news"), 1_000));
        publish(hub, "news", "5000");

        awaitData(outlet, numbers(4_000, 5_001));
    }

    @Test
    void q10SinceNExcludesPrivateEventsWithoutAGrant() {
        Hub hub = hub();
        publish(hub, "news", "1");
        publishPrivate(hub, "news", "private");
        publish(hub, "news", "2");

        RecordingOutlet anonymous = open(hub, latest(to("*"), 2));
        RecordingOutlet granted = open(hub, latest(granted(to("*"), "news"), 2));

        awaitData(anonymous, List.of("1", "2"));
        awaitData(granted, List.of("private", "2"));
    }

    @Test
    void q10ReplayRequestedWithSinceEndsWithALiveEvent() {
        Hub hub = hub();
        String first = publish(hub, "news", "0").id().value();
        publish(hub, "news", "1");

        List<RecordingOutlet> signalled = List.of(
                open(hub, latest(to("news"), 1)),
                open(hub, since(to("news"), new ReplayFrom.After(first))),
                open(hub, since(after(to("news"), first), new ReplayFrom.Latest(20))));
        RecordingOutlet unsignalled = open(hub, after(to("news"), first));
        signalled.forEach(outlet -> awaitData(outlet, List.of("1")));
        publish(hub, "news", "2");

        for (RecordingOutlet outlet : signalled) {
            awaitData(outlet, List.of("1", "2"));
            assertThat(outlet.frames()).hasSize(4);
            assertThat(outlet.frames().get(2).toString())
                    .as("between replayed and live events")
                    .matches("event: live\nid: #[A-Za-z0-9_-]{70}\ndata: \\{}\n\n");
        }
        awaitData(unsignalled, List.of("1", "2"));
        assertThat(unsignalled.frames()).noneMatch(frame -> frame.toString().startsWith("event: live"));
    }

    @Test
    void q10LiveEventFollowsAllEventsAnsweredBeforeTheRequest() {
        Hub hub = hub();
        publish(hub, "news", "0");
        RecordingOutlet outlet = new RecordingOutlet(loop);

        // The lane cannot deliver while its loop is occupied by this task.
        loop.submit(() -> {
                    StartPosition start =
                            StartPosition.after(publish(hub, "news", "1").position() - 2);
                    outlet.openOnLoop(hub, latest(to("news"), 10), start);
                })
                .syncUninterruptibly();

        awaitData(outlet, List.of("0", "1"));
        eventually().until(() -> outlet.frames().size() == 4);
        assertThat(outlet.frames().get(3).toString()).startsWith("event: live");
    }

    @Test
    void q10CursorOfTheLiveEventResumesThere() {
        Hub hub = hub();
        publish(hub, "news", "0");
        RecordingOutlet first = open(hub, latest(to("news"), 1));
        awaitData(first, List.of("0"));
        eventually().until(() -> first.frames().size() == 3);
        first.cancel();
        publish(hub, "news", "1");

        RecordingOutlet second = open(hub, latest(after(to("news"), first.lastId()), 1));

        awaitData(second, List.of("1"));
    }

    @Test
    void q10LiveEventIsSentOnceEvenIfTheReaderFallsBehindAgain() {
        smallLog(1_000_000, 1);
        Hub hub = hub();
        publish(hub, "news", "0");
        RecordingOutlet outlet = open(hub, latest(to("news"), 1));
        awaitData(outlet, List.of("0"));
        outlet.block();
        IntStream.range(1, 50).forEach(i -> publish(hub, "news", "" + i));

        outlet.unblock();

        awaitData(outlet, numbers(0, 50));
        assertThat(outlet.frames().stream().filter(frame -> frame.toString().startsWith("event: live")))
                .hasSize(1);
    }

    @Test
    void q10SinceAnUnknownIdIsAGap() {
        Hub hub = hub();
        publish(hub, "news", "0");

        RecordingOutlet outlet = open(hub, since(to("news"), new ReplayFrom.After("unknown")));

        awaitData(outlet, List.of("0"));
        assertThat(outlet.gaps()).singleElement().asString().contains("\"requested\":\"unknown\"");
    }

    @Test
    void q10LookbackStopsWhenTheClientDisconnects() {
        HeldLookbacks held = new HeldLookbacks(log);
        log = held;
        Hub hub = hub();
        publish(hub, "news", "0");
        AtomicBoolean gone = new AtomicBoolean();
        CompletionStage<StartPosition> start = hub.locate(latest(to("news"), 1), loop, gone::get);
        assertThat(held.looks).hasSize(1);

        gone.set(true);
        held.looks.get(0).complete(new Lookback(List.of(), 1_000));

        done(start);
        assertThat(held.looks).hasSize(1);
    }

    @Test
    void q10StreamEndsWhenTheLookbackFails() {
        logged.expect("A stream was rejected with a time to reconnect, since its start position could not be read");
        HeldLookbacks held = new HeldLookbacks(log);
        log = held;
        Hub hub = hub();
        CompletionStage<StartPosition> start = hub.locate(latest(to("news"), 1), loop, () -> false);

        held.looks.get(0).completeExceptionally(new EventLogException("The disk is gone."));
        RecordingOutlet outlet = new RecordingOutlet(loop).open(hub, to("news"), done(start));

        eventually().until(outlet::closed);
        assertThat(outlet.frames()).singleElement().asString().startsWith("retry: ");
    }

    @Test
    void e11StreamResumesFromTheCursorOfTheFirstBlock() {
        Hub hub = hub();
        publish(hub, "news", "before");
        RecordingOutlet first = open(hub, to("news"));
        eventually().until(() -> first.lastId() != null);
        first.cancel();
        publish(hub, "news", "missed");

        RecordingOutlet second = open(hub, after(to("news"), first.lastId()));

        awaitData(second, List.of("missed"));
        assertThat(second.gaps()).isEmpty();
    }

    @Test
    void e11FirstBlockOfAReplayHasTheCursorWhereTheReplayBegins() {
        Hub hub = hub();
        Event event = publish(hub, "news", "0");
        publish(hub, "news", "1");
        RecordingOutlet cutOffAtOnce = open(hub, after(to("news"), event.id().value()));
        eventually().until(() -> !cutOffAtOnce.frames().isEmpty());
        String cursor = cutOffAtOnce.frames().get(0).toString().split("id: |\ndata")[1];

        RecordingOutlet outlet = open(hub, after(to("news"), cursor));

        awaitData(outlet, List.of("1"));
    }

    @Test
    void e6UnknownIdIsReportedAsAGapBeforeAFullReplay() {
        Hub hub = hub();
        publish(hub, "news", "0");
        publish(hub, "news", "1");

        RecordingOutlet outlet = open(hub, after(to("news"), "who \"knows\"?"));

        awaitData(outlet, List.of("0", "1"));
        assertThat(outlet.gaps()).singleElement().asString().satisfies(gap -> {
            assertThat(gap).contains("data: {\"requested\":\"who \\\"knows\\\"?\",\"resumedAt\":\"earliest\"}\n");
            assertThat(gap).containsPattern("\nid: #[A-Za-z0-9_-]{70}\n");
        });
        assertThat(outlet.frames().get(1).toString())
                .as("after the opening block")
                .startsWith("event: gap");
    }

    @Test
    void e6CursorOfAnotherLogIsAGap() {
        Hub hub = hub();
        publish(hub, "news", "0");
        try (EventLog other = new MemoryEventLog(
                Retention.of(10, PLENTY), PLENTY, 1 << 20, 10, MemoryBudget.unlimited(), Clock.systemUTC())) {

            RecordingOutlet outlet = open(hub, after(to("news"), other.cursors().seal(0)));

            awaitData(outlet, List.of("0"));
            assertThat(outlet.gaps()).hasSize(1);
        }
    }

    @Test
    void e6CursorBeyondTheHeadIsAGap() {
        Hub hub = hub();
        publish(hub, "news", "0");

        RecordingOutlet outlet = open(hub, after(to("news"), log.cursors().seal(99)));

        awaitData(outlet, List.of("0"));
        assertThat(outlet.gaps()).hasSize(1);
    }

    @Test
    void e11CursorAmongTransientEventsIsValidAfterTheirEviction() {
        smallLog(1_000_000, 1);
        Hub hub = hub();
        publish(hub, "news", "0");
        done(log.appendTransient(Update.of(NEWS, "transient")));
        String cursor = log.cursors().seal(log.recent().head());
        done(log.appendTransient(Update.of(new Topic("other"), "transient")));

        RecordingOutlet outlet = open(hub, after(to("news"), cursor));
        publish(hub, "news", "1");

        awaitData(outlet, List.of("1"));
        assertThat(outlet.gaps()).isEmpty();
    }

    @Test
    void m42ReplayThatEndsInMemoryIncludesTransientEvents() {
        smallLog(1_000_000, 4 * 600);
        Hub hub = hub();
        for (int i = 0; i < 20; i++) {
            publish(hub, "news", "" + i);
        }
        done(log.appendTransient(Update.of(NEWS, "passing")));
        publish(hub, "news", "20");

        RecordingOutlet outlet = open(hub, after(to("news"), EventId.EARLIEST));

        List<String> expected = new ArrayList<>(numbers(0, 20));
        expected.addAll(List.of("passing", "20"));
        awaitData(outlet, expected);
    }

    @Test
    void m5RetentionDuringTheStartOfAFullReplayIsNoGap() {
        smallLog(5, 1);
        Hub hub = hub();
        for (int i = 0; i < 10; i++) {
            publish(hub, "news", "" + i);
        }
        StartPosition start = done(hub.locate(after(withoutSignals(to("news")), "unknown"), loop, () -> false));
        for (int i = 10; i < 20; i++) {
            publish(hub, "news", "" + i);
        }

        RecordingOutlet outlet = new RecordingOutlet(loop).open(hub, withoutSignals(to("news")), start);

        awaitData(outlet, numbers(15, 20));
        assertThat(outlet.closed()).isFalse();
    }

    @Test
    void e6IdRemovedByRetentionIsAGap() {
        smallLog(5, 1);
        Hub hub = hub();
        List<Event> events = IntStream.range(0, 10)
                .mapToObj(i -> publish(hub, "news", "" + i))
                .toList();
        String cursor = log.cursors().seal(events.get(2).position());

        RecordingOutlet byId = open(hub, after(to("news"), events.get(2).id().value()));
        RecordingOutlet byCursor = open(hub, after(to("news"), cursor));

        awaitData(byId, numbers(5, 10));
        awaitData(byCursor, numbers(5, 10));
        assertThat(byId.gaps()).hasSize(1);
        assertThat(byCursor.gaps()).singleElement().asString().contains(cursor);
    }

    @Test
    void e6ReaderOvertakenByRetentionGetsTheGapInItsPlace() {
        smallLog(10, 1);
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("news"));
        publish(hub, "news", "0");
        awaitData(outlet, List.of("0"));
        outlet.block();
        for (int i = 1; i <= 30; i++) {
            publish(hub, "news", "" + i);
        }

        outlet.unblock();

        awaitData(
                outlet, Stream.concat(Stream.of("0"), numbers(21, 31).stream()).toList());
        publish(hub, "news", "31");
        awaitData(
                outlet, Stream.concat(Stream.of("0"), numbers(21, 32).stream()).toList());
        assertThat(outlet.gaps()).singleElement().asString().contains("data: {\"resumedAt\":\"earliest\"}");
        assertThat(outlet.frames().get(2).toString()).as("gap between 0 and 21").startsWith("event: gap");
        assertThat(hub.total(LaneCounter.GAPS)).isEqualTo(1);
        assertThat(hub.total(LaneCounter.FELL_BEHIND)).isEqualTo(1);
        assertThat(hub.total(LaneCounter.CAUGHT_UP)).isEqualTo(2);
    }

    @Test
    void e6StreamWithoutSignalsEndsInsteadOfSkippingEvents() {
        smallLog(10, 1);
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, withoutSignals(to("news")));
        publish(hub, "news", "0");
        awaitData(outlet, List.of("0"));
        outlet.block();
        for (int i = 1; i <= 30; i++) {
            publish(hub, "news", "" + i);
        }

        outlet.unblock();

        eventually().until(() -> outlet.closed() && hub.subscribers() == 0);
        assertThat(outlet.data()).containsExactly("0");
        assertThat(hub.total(LaneCounter.GAPS)).isEqualTo(1);
        assertThat(hub.total(StreamEnd.GAP)).isEqualTo(1);
    }

    @Test
    void e9StalledReaderBuffersABoundedNumberOfBytesAndLosesNothing() {
        Hub hub = hub();
        RecordingOutlet slow = open(hub, to("news"));
        RecordingOutlet quick = open(hub, to("news"));
        slow.allow(10_000);
        String padding = "x".repeat(1_000);
        List<String> all = IntStream.range(0, 5_000).mapToObj(i -> i + padding).toList();

        all.forEach(data -> publish(hub, "news", data));

        awaitData(quick, all);
        assertThat(slow.bytes()).as("one page in addition to the socket buffer").isLessThan(10_000 + 2 * 64 * 1_024);
        while (slow.data().size() < all.size()) {
            slow.allow(200_000);
            eventually().until(() -> slow.data().size() == all.size() || slow.writtenWhileFull() >= 0 && full(slow));
            assertThat(slow.writtenWhileFull()).isLessThan(2 * 64 * 1_024);
        }
        awaitData(slow, all);
    }

    private boolean full(RecordingOutlet outlet) {
        return !done(CompletableFuture.supplyAsync(outlet::writable, loop));
    }

    @Test
    void laneThatFallsBehindTheRecentEventsLosesNothing() {
        smallLog(1_000_000, 20_000);
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("news"));
        publish(hub, "news", "0");
        awaitData(outlet, List.of("0"));
        CountDownLatch busy = new CountDownLatch(1);
        loop.execute(() -> done(CompletableFuture.runAsync(() -> waitFor(busy))));
        for (int i = 1; i < 1_000; i++) {
            publish(hub, "news", "" + i);
        }

        busy.countDown();

        awaitData(outlet, numbers(0, 1_000));
        publish(hub, "news", "1000");
        awaitData(outlet, numbers(0, 1_001));
        eventually().until(() -> hub.total(LaneCounter.PUBLIC_LIVE) + hub.total(LaneCounter.PUBLIC_REPLAYED) == 1_001);
        assertThat(hub.total(LaneCounter.PUBLIC_REPLAYED)).isPositive();
        eventually().until(() -> hub.stats().all().latencies().count() == hub.total(LaneCounter.PUBLIC_LIVE));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void replayOfManyPagesIsComplete() {
        smallLog(1_000_000, 1);
        Hub hub = hub();
        List<CompletionStage<Event>> answers = IntStream.range(0, 20_000)
                .mapToObj(i -> hub.publish(Update.of(i % 2 == 0 ? NEWS : new Topic("other"), "" + i)))
                .toList();
        answers.forEach(Patience::done);

        RecordingOutlet outlet = open(hub, after(to("news"), EventId.EARLIEST));

        awaitData(outlet, IntStream.range(0, 10_000).mapToObj(i -> "" + 2 * i).toList());
    }

    @Test
    void socketThatBecomesWritableDuringAWriteGetsNoDuplicates() {
        smallLog(1_000_000, 100_000);
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("news")).resumeWithinWrites();
        String padding = "x".repeat(5_000);
        List<String> all = IntStream.range(0, 300).mapToObj(i -> i + padding).toList();
        outlet.block();
        all.forEach(data -> publish(hub, "news", data));

        outlet.unblock();

        awaitData(outlet, all);
    }

    @Test
    void replayOfThousandsOfPagesIsComplete() {
        smallLog(1_000_000, 1);
        Hub hub = hub();
        String padding = "x".repeat(30_000);
        for (int i = 0; i < 4_000; i++) {
            publish(hub, "news", i + padding);
        }

        RecordingOutlet outlet = open(hub, after(to("news"), EventId.EARLIEST));

        eventually().until(() -> outlet.frames().size() == 4_001);
        assertThat(outlet.faults()).isEmpty();
    }

    @Test
    void moreReadersThanPagesInFlightCatchUp() {
        smallLog(1_000_000, 1);
        Hub hub = hub();
        for (int i = 0; i < 100; i++) {
            publish(hub, "news", "" + i);
        }

        List<RecordingOutlet> outlets = IntStream.range(0, 3 * PageReader.PAGES_IN_FLIGHT)
                .mapToObj(i -> open(hub, after(to("news"), EventId.EARLIEST)))
                .toList();

        outlets.forEach(outlet -> awaitData(outlet, numbers(0, 100)));
    }

    @Test
    void pageIsReadOnceForAllReadersThatReconnectTogether() {
        smallLog(1_000_000, 1);
        AtomicInteger pages = new AtomicInteger();
        CompletableFuture<Void> allCame = new CompletableFuture<>();
        log = new DelegatingLog(log) {
            @Override
            public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
                pages.incrementAndGet();
                // Only after all have arrived.
                return allCame.thenCompose(now -> super.read(after, selectors, maxBytes));
            }
        };
        Hub hub = hub();
        for (int i = 0; i < 10; i++) {
            publish(hub, "news", "" + i);
        }

        List<RecordingOutlet> outlets = IntStream.range(0, 100)
                .mapToObj(i -> open(hub, after(to("news"), EventId.EARLIEST)))
                .toList();
        allCame.complete(null);

        outlets.forEach(outlet -> awaitData(outlet, numbers(0, 10)));
        assertThat(pages).hasValueLessThan(10);
    }

    @Test
    void invariant7PrivateEventIsDeliveredOnlyWithItsGrant() {
        Hub hub = hub();
        RecordingOutlet anonymous = open(hub, to("*"));
        RecordingOutlet granted = open(hub, granted(to("*"), "secrets"));
        RecordingOutlet grantedElsewhere = open(hub, granted(to("*"), "others"));

        Event event = publishPrivate(hub, "secrets", "private");
        publish(hub, "secrets", "public");
        RecordingOutlet replay = open(hub, after(to("*"), EventId.EARLIEST));
        RecordingOutlet guess = open(hub, after(to("*"), event.id().value()));
        RecordingOutlet known =
                open(hub, after(granted(to("*"), "secrets"), event.id().value()));

        awaitData(granted, List.of("private", "public"));
        awaitData(anonymous, List.of("public"));
        awaitData(grantedElsewhere, List.of("public"));
        awaitData(replay, List.of("public"));
        awaitData(guess, List.of("public"));
        assertThat(guess.gaps()).as("an unreadable id is like an unknown one").hasSize(1);
        awaitData(known, List.of("public"));
        assertThat(known.gaps()).isEmpty();
    }

    @Test
    void e4IdleStreamGetsCommentsThatAreNoBlocks() {
        Hub hub = hub(new TestConfig(Duration.ofMillis(50), Duration.ofSeconds(2), 10));
        RecordingOutlet outlet = open(hub, to("news"));
        publish(hub, "other", "not for you");

        eventually().until(() -> outlet.frames().size() >= 4);

        assertThat(outlet.frames().stream().skip(1).map(Frame::toString)).containsOnly(":\n");
    }

    @Test
    void e11IdleStreamGetsTheCursorOfTheHeadAsATypedEvent() {
        Hub hub = hub(TestConfig.QUIET.withCursorInterval(Duration.ofMillis(50)));
        RecordingOutlet outlet = open(hub, to("news"));
        Event elsewhere = publish(hub, "other", "not for you");

        eventually().until(() -> outlet.frames().size() >= 4);

        assertThat(outlet.frames().stream().skip(1).map(Frame::toString))
                .allMatch(frame -> frame.matches("event: cursor\nid: #[A-Za-z0-9_-]{70}\ndata: \\{}\n\n"))
                .doesNotHaveDuplicates();
        eventually().untilAsserted(() -> assertThat(log.cursors().open(outlet.lastId()))
                .hasValue(elsewhere.position()));
    }

    /**
     * Events of other topics and private ones do not matter; an event of the stream itself makes a cursor unnecessary.
     */
    @Test
    void e11CursorsAreSentByTimeAndOnlyWhileTheStreamHasNoEvents() {
        Duration interval = Duration.ofMillis(500);
        Hub hub = hub(TestConfig.QUIET.withCursorInterval(interval));
        long start = System.nanoTime();
        RecordingOutlet undisturbed = open(hub, to("news"));
        RecordingOutlet passedOver = open(hub, to("other"));
        RecordingOutlet fed = open(hub, to("fed"));

        eventually().until(() -> {
            publishPrivate(hub, "other", "private");
            publish(hub, "fed", "public");
            return System.nanoTime() - start >= interval.toNanos() * 3
                    && cursors(undisturbed) >= 1
                    && cursors(passedOver) >= 1;
        });

        long most = (System.nanoTime() - start) / interval.toNanos() + 1;
        assertThat(cursors(undisturbed)).isBetween(1L, most);
        assertThat(cursors(passedOver)).isBetween(1L, most);
        assertThat(cursors(fed))
                .as("of %d frames", fed.frames().size())
                .isLessThan(fed.data().size());
    }

    private static long cursors(RecordingOutlet outlet) {
        return outlet.frames().stream()
                .filter(frame -> frame.toString().startsWith("event: cursor\n"))
                .count();
    }

    @Test
    void e11CommentsDoNotDelayTheNextCursor() {
        Hub hub = hub(new TestConfig(Duration.ofMillis(30), Duration.ofSeconds(2), 10)
                .withCursorInterval(Duration.ofMillis(200)));

        RecordingOutlet outlet = open(hub, to("news"));

        eventually().until(() -> cursors(outlet) >= 2);
        assertThat(outlet.frames().stream().map(Frame::toString)).contains(":\n");
    }

    @Test
    void e11IdleStreamResumesFromItsCursorAfterRetentionRemovedAllOlderEvents() {
        smallLog(100, 1);
        Hub hub = hub(TestConfig.QUIET.withCursorInterval(Duration.ofMillis(50)));
        RecordingOutlet first = open(hub, to("news"));
        Event last = null;
        for (int i = 0; i < 300; i++) {
            last = publish(hub, "other", "" + i);
        }
        long head = last.position();
        eventually().untilAsserted(() -> assertThat(log.cursors().open(first.lastId()))
                .hasValue(head));
        first.cancel();
        publish(hub, "news", "missed");

        RecordingOutlet second = open(hub, after(to("news"), first.lastId()));

        awaitData(second, List.of("missed"));
        assertThat(second.gaps()).isEmpty();
    }

    @Test
    void e11IdleStreamWithoutSignalsGetsCommentsOnly() {
        Hub hub = hub(new TestConfig(Duration.ofMillis(50), Duration.ofSeconds(2), 10)
                .withCursorInterval(Duration.ofMillis(20)));

        RecordingOutlet outlet = open(hub, withoutSignals(to("news")));

        eventually().until(() -> outlet.frames().size() >= 3);
        assertThat(outlet.frames().stream().map(Frame::toString)).containsOnly(":\n");
    }

    @Test
    void e4StalledStreamGetsNoHeartbeat() {
        Hub hub = hub(new TestConfig(Duration.ofMillis(20), Duration.ofSeconds(2), 10));
        RecordingOutlet blocked = open(hub, to("news"));
        blocked.block();
        int before = blocked.frames().size();
        RecordingOutlet witness = open(hub, to("news"));

        eventually().until(() -> witness.frames().size() >= 5);

        assertThat(blocked.frames()).hasSize(before);
    }

    @Test
    void e7StreamEndsOrderlyBetween80And100PercentOfItsMaximumAge() {
        Hub hub = hub(TestConfig.QUIET.withMaxAge(Duration.ofSeconds(1)));
        long start = System.nanoTime();
        publish(hub, "news", "0");
        List<RecordingOutlet> outlets = IntStream.range(0, 20)
                .mapToObj(i -> open(hub, after(to("news"), EventId.EARLIEST)))
                .toList();

        List<Long> ages = new ArrayList<>();
        for (RecordingOutlet outlet : outlets) {
            eventually().until(outlet::closed);
            ages.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }

        assertThat(ages).allMatch(millis -> millis >= 800);
        assertThat(outlets).allSatisfy(outlet -> {
            assertThat(outlet.wasCut()).isFalse();
            assertThat(outlet.data()).containsExactly("0");
            assertThat(outlet.frames().get(outlet.frames().size() - 1).toString())
                    .startsWith("retry: ");
        });
        eventually().untilAsserted(() -> {
            assertThat(hub.subscribers()).isZero();
            assertThat(hub.total(StreamEnd.EXPIRED)).isEqualTo(20);
        });
    }

    @Test
    void e9StalledStreamIsClosedAfterTheWriteTimeoutAndMayResume() {
        Hub hub = hub(TestConfig.QUIET.withWriteTimeout(Duration.ofSeconds(1)));
        RecordingOutlet stalled = open(hub, to("news"));
        RecordingOutlet reading = open(hub, to("news"));
        eventually().until(() -> stalled.lastId() != null);
        long start = System.nanoTime();
        stalled.block();
        publish(hub, "news", "0");

        eventually().until(stalled::closed);

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(stalled.wasCut()).isTrue();
        assertThat(reading.closed()).isFalse();
        RecordingOutlet resumed = open(hub, after(to("news"), stalled.lastId()));
        awaitData(resumed, List.of("0"));
        assertThat(hub.subscribers()).isEqualTo(2);
        assertThat(hub.total(StreamEnd.SLOW)).isEqualTo(1);
    }

    @Test
    void slowStreamThatMakesProgressIsNotClosed() {
        Hub hub = hub(TestConfig.QUIET.withWriteTimeout(Duration.ofSeconds(1)));
        RecordingOutlet slow = open(hub, to("news"));
        RecordingOutlet stalled = open(hub, to("news"));
        slow.progressEvery(Duration.ofMillis(5));
        stalled.block();

        eventually().until(stalled::closed);

        assertThat(slow.closed()).isFalse();
    }

    @Test
    void failedSocketDoesNotAffectOtherStreamsOfTheSameTurn() {
        logged.expect("A stream was cut off, since serving it failed.");
        Hub hub = hub();
        RecordingOutlet broken = open(hub, to("news"));
        RecordingOutlet witness = open(hub, to("news"));
        eventually().until(() -> broken.lastId() != null && witness.lastId() != null);
        broken.failOnWrite();

        publish(hub, "news", "0");
        publish(hub, "news", "1");

        awaitData(witness, List.of("0", "1"));
        eventually().until(() -> hub.subscribers() == 1);
        assertThat(hub.total(StreamEnd.FAILED)).isEqualTo(1);
        assertThat(hub.total(LaneCounter.SELECTORS)).isEqualTo(1);
    }

    @Test
    void cancelledStreamReceivesNothing() {
        Hub hub = hub();
        RecordingOutlet gone = open(hub, to("news"));
        RecordingOutlet witness = open(hub, to("news"));
        assertThat(hub.subscribers()).isEqualTo(2);

        gone.cancel();
        gone.cancel();
        publish(hub, "news", "0");

        awaitData(witness, List.of("0"));
        assertThat(gone.data()).isEmpty();
        assertThat(hub.subscribers()).isEqualTo(1);
        assertThat(hub.total(StreamEnd.DISCONNECTED)).isEqualTo(1);
        assertThat(hub.total(LaneCounter.LIVE)).isEqualTo(1);
    }

    @Test
    void e8StreamBeyondTheLimitIsRejectedWithATimeToReconnect() {
        logged.expect("A stream was rejected with a time to reconnect: ");
        Hub hub = hub(new TestConfig(Duration.ofHours(1), Duration.ofSeconds(2), 2));
        RecordingOutlet first = open(hub, to("news"));
        open(hub, to("news"));

        RecordingOutlet third = open(hub, to("news"));

        assertThat(third.closed()).isTrue();
        assertThat(third.frames()).singleElement().asString().matches("retry: [2-4]\\d{3}\nevent: end\n(.*\n){3}");
        assertThat(hub.total(StreamEnd.REJECTED)).isEqualTo(1);
        first.cancel();
        eventually().until(() -> hub.subscribers() == 1);
        assertThat(open(hub, to("news")).closed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "false, '', ''",
        "true, '', 'id: #[\\w-]{70}\n'",
        "true, known, 'id: known\n'",
        "true, earliest, 'id: earliest\n'"
    })
    void e12StreamBeyondTheLimitEndsWithTheReasonAndItsOwnIdIfItAcceptsSignals(
            boolean signals, String requested, String id) {
        logged.expect("A stream was rejected with a time to reconnect: ");
        Hub hub = hub(new TestConfig(Duration.ofHours(1), Duration.ofSeconds(2), 1));
        open(hub, to("news"));
        Optional<String> lastEventId = Optional.of(requested).filter(sent -> !sent.isEmpty());

        RecordingOutlet rejected = open(hub, new Subscription(to("news").selectors(), List.of(), lastEventId, signals));

        assertThat(rejected.frames())
                .singleElement()
                .asString()
                .matches("retry: [2-4]\\d{3}\n"
                        + (signals
                                ? "event: end\n" + id
                                        + "data: \\{\"reason\":\"too-many-streams\",\"detail\":\".+\"}\n\n"
                                : ""));
    }

    @Test
    void e12RejectedStreamKeepsItsStartInThePast() {
        logged.expect("A stream was rejected with a time to reconnect: ");
        Hub hub = hub(new TestConfig(Duration.ofHours(1), Duration.ofSeconds(2), 1));
        open(hub, to("news"));

        RecordingOutlet latest = open(hub, latest(to("news"), 1));
        RecordingOutlet malformed =
                open(hub, new Subscription(to("news").selectors(), List.of(), Optional.of("a\nevent: x"), true));

        assertThat(latest.frames()).singleElement().asString().contains("\nevent: end\ndata: {");
        assertThat(malformed.frames()).singleElement().asString().contains("\nevent: end\ndata: {");
    }

    @Test
    void e12StreamOfADrainingHubEndsWithTheReasonDraining() {
        Hub hub = hub();
        done(hub.drain(Duration.ZERO));

        RecordingOutlet rejected = open(hub, to("news"));

        assertThat(rejected.closed()).isTrue();
        assertThat(rejected.frames()).singleElement().asString().contains("{\"reason\":\"draining\",\"detail\":\"");
    }

    @Test
    void e12StreamBeyondTheSelectorMemoryEndsWithTheReasonOverloaded() {
        logged.expect("A stream was rejected with a time to reconnect: ");
        Hub hub = hub(TestConfig.QUIET.withSelectorBytes(3_000));

        RecordingOutlet rejected = open(hub, to("x".repeat(2_000)));

        assertThat(rejected.frames()).singleElement().asString().contains("{\"reason\":\"overloaded\",\"detail\":\"");
    }

    @Test
    void endOfAStreamIsReportedToItsOwnerOnce() {
        Hub hub = hub();
        AtomicInteger ends = new AtomicInteger();
        RecordingOutlet outlet = new RecordingOutlet(loop);
        StartPosition start = done(hub.locate(to("news"), loop, () -> false));
        Subscriber subscriber = loop.submit(() -> hub.open(loop, to("news"), start, outlet, ends::incrementAndGet))
                .syncUninterruptibly()
                .getNow();
        assertThat(ends).hasValue(0);

        subscriber.cancel();
        subscriber.cancel();

        eventually().until(() -> hub.subscribers() == 0);
        assertThat(ends).hasValue(1);
    }

    @Test
    void e8StreamBeyondTheSelectorMemoryIsRejectedWithATimeToReconnect() {
        logged.expect("A stream was rejected with a time to reconnect: ");
        Hub hub = hub(TestConfig.QUIET.withSelectorBytes(3_000));
        String[] ten = IntStream.range(0, 10).mapToObj(i -> "topic" + i).toArray(String[]::new);
        RecordingOutlet first = open(hub, to(ten));

        assertThat(open(hub, to(ten)).closed()).isTrue();
        assertThat(open(hub, to("small")).closed()).isFalse();
        assertThat(open(hub, to("x".repeat(2_000))).closed()).isTrue();
        first.cancel();
        eventually().until(() -> hub.subscribers() == 1);
        assertThat(open(hub, to(ten)).closed()).isFalse();
    }

    /** A stream stores all grants of its token while it is open, whatever its selectors. */
    @Test
    void e8StreamWhoseGrantsExceedTheSelectorMemoryEndsAtOnce() {
        logged.expect("A stream was rejected with a time to reconnect: ");
        Hub hub = hub(TestConfig.QUIET.withSelectorBytes(3_000));
        List<TopicSelector> grants = IntStream.range(0, 4)
                .mapToObj(i -> TopicSelector.parse("/" + i + "/{a}/{b}"))
                .toList();
        Subscription granted = new Subscription(to("news").selectors(), grants, Optional.empty(), true);
        RecordingOutlet first = open(hub, granted);

        assertThat(first.closed()).isFalse();
        assertThat(open(hub, granted).closed()).isTrue();
        first.cancel();
        eventually().until(() -> hub.subscribers() == 0);
        assertThat(open(hub, granted).closed()).isFalse();
    }

    @Test
    void e8StreamsBeyondTheHeapEndAtOnceUntilOthersHaveEnded() {
        logged.expect("A stream was rejected with a time to reconnect: ");
        HeapShares heap = HeapShares.of(1, false);
        Hub hub = new Hub(log, TestConfig.QUIET, SubscriptionListener.NONE, heap);
        opened.add(hub);
        Subscription large = new Subscription(
                to("news").selectors(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.of("p".repeat(100_000)));
        List<RecordingOutlet> outlets = IntStream.range(0, 50)
                .mapToObj(i -> open(hub, large))
                .filter(outlet -> !outlet.closed())
                .toList();

        assertThat(outlets).hasSizeBetween(5, 30);
        assertThat(heap.streams().reserved()).isLessThanOrEqualTo(heap.streams().limit());
        outlets.forEach(RecordingOutlet::cancel);
        eventually().until(() -> heap.streams().reserved() == 0);
        assertThat(open(hub, large).closed()).isFalse();
    }

    @Test
    void e8DrainDeliversAcceptedUpdatesAndEndsEveryStream() {
        Hub hub = hub();
        List<RecordingOutlet> outlets =
                IntStream.range(0, 20).mapToObj(i -> open(hub, to("news"))).toList();
        publish(hub, "news", "0");

        done(hub.drain(Duration.ofMillis(200)));

        assertThat(outlets).allSatisfy(outlet -> {
            assertThat(outlet.closed()).isTrue();
            assertThat(outlet.data()).containsExactly("0");
            assertThat(outlet.frames().get(outlet.frames().size() - 1).toString())
                    .startsWith("retry: ");
        });
        assertThat(outlets.stream()
                        .map(outlet ->
                                outlet.frames().get(outlet.frames().size() - 1).toString())
                        .distinct())
                .as("reconnection times differ")
                .hasSizeGreaterThan(10);
        assertThat(hub.subscribers()).isZero();
        assertThat(open(hub, to("news")).closed()).isTrue();
    }

    @Test
    void e12StreamEndedByADrainReportsItsReasonAndACursorToResumeFrom() {
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("news"));
        publish(hub, "news", "0");
        publish(hub, "other", "1");

        done(hub.drain(Duration.ofMillis(10)));

        String last = outlet.frames().stream().map(Frame::toString).skip(2).collect(Collectors.joining());
        assertThat(last)
                .matches(
                        "retry: \\d+\nevent: end\nid: #\\S+\ndata: \\{\"reason\":\"draining\",\"detail\":\"[^\n]+\"}\n\n");
        assertThat(log.cursors().open(outlet.lastId())).hasValue(2);
    }

    @Test
    void e12StreamWithoutSignalsGetsOnlyTheReconnectionTime() {
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, withoutSignals(to("news")));

        done(hub.drain(Duration.ZERO));

        assertThat(outlet.frames()).singleElement().asString().matches("retry: \\d+\n");
        assertThat(open(hub, withoutSignals(to("news"))).frames())
                .singleElement()
                .asString()
                .matches("retry: \\d+\n");
    }

    private static void assertEndsSinceItsTokenHasExpired(RecordingOutlet outlet) {
        eventually().until(outlet::closed);
        List<Frame> frames = outlet.frames();
        assertThat(frames.get(frames.size() - 1).toString())
                .matches("retry: [2-4]\\d{3}\nevent: end\nid: #\\S+\n"
                        + "data: \\{\"reason\":\"token-expired\",\"detail\":\"[^\n]+\"}\n\n");
        assertThat(outlet.faults()).isEmpty();
    }

    @Test
    void e12StreamWhoseTokenExpiresReportsItsReasonAndACursorToResumeFrom() {
        Hub hub = hub();
        publish(hub, "news", "0");
        RecordingOutlet outlet = open(hub, until(to("news"), Instant.now()));

        assertEndsSinceItsTokenHasExpired(outlet);

        publish(hub, "news", "1");
        awaitData(open(hub, after(to("news"), outlet.lastId())), List.of("1"));
        assertThat(hub.total(StreamEnd.EXPIRED)).isEqualTo(1);
    }

    @Test
    void e12StreamWhoseTokenExpiresWhileItCatchesUpResumesWhereItWas() {
        Hub hub = hub();
        numbers(0, 3).forEach(data -> publish(hub, "news", data));
        RecordingOutlet outlet = new RecordingOutlet(loop);
        outlet.block();
        outlet.open(hub, until(after(to("news"), EventId.EARLIEST), Instant.now()));

        assertEndsSinceItsTokenHasExpired(outlet);

        assertThat(outlet.data()).isEmpty();
        awaitData(open(hub, after(to("news"), outlet.lastId())), numbers(0, 3));
    }

    @Test
    void e12StreamWithoutSignalsGetsOnlyTheReconnectionTimeWhenItsTokenExpires() {
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, until(withoutSignals(to("news")), Instant.now()));

        eventually().until(outlet::closed);

        assertThat(outlet.frames()).singleElement().asString().matches("retry: \\d+\n");
    }

    @Test
    void e12TokenThatHasExpiredIsReportedEvenIfTheHubStops() {
        Hub hub = hub();
        RecordingOutlet expired = new RecordingOutlet(loop);
        RecordingOutlet valid = new RecordingOutlet(loop);
        StartPosition start = done(hub.locate(to("news"), loop, () -> false));

        // In one task: no timer can end the first stream before the drain does.
        loop.submit(() -> {
                    expired.openOnLoop(hub, until(to("news"), Instant.now()), start);
                    valid.openOnLoop(hub, until(to("news"), Instant.now().plusSeconds(3_600)), start);
                    hub.drain(Duration.ZERO);
                })
                .syncUninterruptibly();

        assertEndsSinceItsTokenHasExpired(expired);
        assertThat(valid.closed()).isTrue();
        assertThat(valid.frames().get(1).toString()).contains("{\"reason\":\"draining\",");
    }

    @Test
    void openStreamsAndPublishingContinueUntilTheDrainItself() {
        Hub hub = hub();
        RecordingOutlet outlet = open(hub, to("news"));

        hub.beginDrain();

        assertThat(hub.draining()).isTrue();
        publish(hub, "news", "0");
        awaitData(outlet, List.of("0"));
        assertThat(outlet.closed()).isFalse();
    }

    @Test
    void updatesAfterTheDrainAreRejectedAsOnAClosedLog() {
        Hub hub = hub();
        done(hub.drain(Duration.ZERO));
        publish(hub, "news", "0");

        hub.rejectUpdates();

        assertThatThrownBy(() -> publish(hub, "news", "1")).hasCauseInstanceOf(LogClosedException.class);
        assertThat(log.recent().head()).isEqualTo(1);
    }

    @Test
    void failedReadOfTheLogEndsOnlyTheReplayingStream() {
        logged.expect("A stream ended, since the log could not be read.");
        smallLog(1_000_000, 1);
        log = new UnreadableLog(log);
        Hub hub = hub();
        RecordingOutlet live = open(hub, to("news"));
        publish(hub, "news", "0");
        awaitData(live, List.of("0"));
        publish(hub, "news", "1");
        awaitData(live, List.of("0", "1"));

        RecordingOutlet replay = open(hub, after(to("news"), EventId.EARLIEST));

        eventually().until(replay::closed);
        publish(hub, "news", "2");
        awaitData(live, List.of("0", "1", "2"));
        assertThat(hub.total(StreamEnd.FAILED)).isEqualTo(1);
        assertThat(hub.pageStats().failed()).isEqualTo(1);
    }

    /** Log whose reads fail. */
    private static final class UnreadableLog extends DelegatingLog {
        UnreadableLog(EventLog log) {
            super(log);
        }

        @Override
        public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
            return CompletableFuture.failedStage(new EventLogException("The disk is gone."));
        }
    }

    /** Log whose lookbacks the test completes. */
    private static final class HeldLookbacks extends DelegatingLog {
        final List<CompletableFuture<Lookback>> looks = new CopyOnWriteArrayList<>();

        HeldLookbacks(EventLog log) {
            super(log);
        }

        @Override
        public CompletionStage<Lookback> lookBack(
                long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
            CompletableFuture<Lookback> look = new CompletableFuture<>();
            looks.add(look);
            return look;
        }
    }
}
