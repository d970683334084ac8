package dev.herald.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.loop.TimeSlicedQueue;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.presence.ActiveSubscription;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.presence.SubscriptionEvents;
import dev.herald.selector.ExpensiveTemplates;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of invariant 8: an {@code Error} at any seam of the hub ends at most the stream in which it occurs. The seams
 * are an event loop that rejects a task, an outlet, the log, a presence listener and the events themselves. After each
 * failure the other streams get all events once and in order, timers run, pages and presence are released, and a drain
 * completes.
 */
class ErrorsTest {
    private static final ActiveSubscription CHANGED = new ActiveSubscription("news", new UUID(0, 1), Optional.empty());

    private static final long PLENTY = 1L << 30;
    private static final String RETRY_LATER =
            "A stream was rejected with a time to reconnect, since its start position could not be read";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private EventLog log = new MemoryEventLog(
            Retention.of(1_000_000, PLENTY), PLENTY, 32 << 20, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());
    private RejectingEventLoop loop;

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("Injected error."), () -> new StackOverflowError("Injected error."));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
        log.close();
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private Hub hub(Supplier<Error> error, SseConfig config, SubscriptionListener presence) {
        loop = new RejectingEventLoop(error);
        Hub hub = new Hub(log, config, presence, HeapShares.of(64 << 20, true));
        opened.add(hub);
        return hub;
    }

    private Hub hub(Supplier<Error> error) {
        return hub(error, TestConfig.QUIET, SubscriptionListener.NONE);
    }

    private static Subscription to(String topic, Optional<String> lastEventId) {
        return new Subscription(List.of(TopicSelector.parse(topic)), List.of(), lastEventId, true);
    }

    private RecordingOutlet live(Hub hub, String topic) {
        RecordingOutlet outlet = new RecordingOutlet(loop).open(hub, to(topic, Optional.empty()));
        eventually().until(() -> outlet.lastId() != null);
        return outlet;
    }

    private static void publish(Hub hub, String data) {
        done(hub.publish(Update.of(new Topic("news"), data)));
    }

    private static void awaitData(RecordingOutlet outlet, String... expected) {
        eventually().untilAsserted(() -> assertThat(outlet.data()).containsExactly(expected));
        assertThat(outlet.faults()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void deliveryResumesAfterTheEventLoopRejectedATask(Supplier<Error> error) {
        logged.expect("An event loop rejected a task.");
        Hub hub = hub(error);
        RecordingOutlet witness = live(hub, "news");
        List<String> published = new ArrayList<>();
        loop.failNext(1);

        // An earlier wake-up may still be queued and deliver the first updates.
        eventually().until(() -> {
            published.add("" + published.size());
            publish(hub, published.get(published.size() - 1));
            return loop.left() == 0;
        });

        awaitData(witness, published.toArray(String[]::new));
        published.add("last");
        publish(hub, "last");
        awaitData(witness, published.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void outletErrorDuringFanOutEndsOnlyItsStream(Supplier<Error> error) {
        logged.expect("A stream is cut off, since serving it failed.");
        Hub hub = hub(error);
        RecordingOutlet before = live(hub, "news");
        RecordingOutlet broken = live(hub, "news");
        RecordingOutlet after = live(hub, "news");
        broken.failWith(error);

        publish(hub, "0");
        publish(hub, "1");

        awaitData(before, "0", "1");
        awaitData(after, "0", "1");
        eventually().until(broken::wasCut);
        assertThat(hub.subscribers()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void eventThatCannotBeMatchedIsReadFromTheLogAndReachesEveryStream(Supplier<Error> error) {
        logged.expect("Events could not be delivered.");
        Hub hub = hub(error);
        RecordingOutlet one = live(hub, "news");
        RecordingOutlet all = live(hub, "*");
        FailingOnce topics = new FailingOnce(new Topic("news"), error);

        loop.submit(() -> {
                    // The next turn delivers the event together with one before and one after it.
                    long at = log.recent().head();
                    log.recent()
                            .add(List.of(
                                    event(at + 1, "0", List.of(new Topic("news"))),
                                    event(at + 2, "1", topics),
                                    event(at + 3, "2", List.of(new Topic("news")))));
                    topics.arm();
                })
                .syncUninterruptibly();

        awaitData(one, "0", "1", "2");
        awaitData(all, "0", "1", "2");
    }

    private static Event event(long position, String data, List<Topic> topics) {
        Update update = Update.of(new Topic("news"), data);
        Event made = Event.of(position, new EventId("id-" + data), Instant.now(), false, update);
        return new Event(
                position,
                made.id(),
                made.acceptedAt(),
                topics,
                false,
                true,
                made.type(),
                made.retryMillis(),
                made.data(),
                made.frame());
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorInATimerEndsOnlyItsStream(Supplier<Error> error) {
        logged.expect("A stream was cut off, since serving it failed.");
        Hub hub =
                hub(error, new TestConfig(Duration.ofMillis(10), Duration.ofSeconds(2), 10), SubscriptionListener.NONE);
        RecordingOutlet broken = live(hub, "news");
        RecordingOutlet witness = live(hub, "news");

        broken.failWith(error);

        eventually().until(broken::wasCut);
        int now = witness.frames().size();
        eventually().until(() -> witness.frames().size() > now + 2);
        assertThat(hub.subscribers()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void pageRejectedByTheEventLoopEndsOnlyItsStream(Supplier<Error> error) {
        log.close();
        HeldPages held = new HeldPages(new MemoryEventLog(
                Retention.of(1_000_000, PLENTY), PLENTY, 1, 100_000, MemoryBudget.unlimited(), Clock.systemUTC()));
        log = held;
        Hub hub = hub(
                error, new TestConfig(Duration.ofMillis(10), Duration.ofSeconds(2), 1_000), SubscriptionListener.NONE);
        publish(hub, "0");
        publish(hub, "1");
        RecordingOutlet lost = new RecordingOutlet(loop).open(hub, to("news", Optional.of(EventId.EARLIEST)));
        eventually().until(() -> held.pages.size() == 1);
        loop.failNext(1);

        held.pages.get(0).run();

        eventually().until(lost::wasCut);
        held.open = true;
        RecordingOutlet next = new RecordingOutlet(loop).open(hub, to("news", Optional.of(EventId.EARLIEST)));
        awaitData(next, "0", "1");
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failingPresenceListenerDoesNotBlockCloseOrDrain(Supplier<Error> error) {
        logged.expect("A stream was cut off, since serving it failed.");
        AtomicInteger calls = new AtomicInteger();
        ActiveSubscriptions presence = ActiveSubscriptions.withListener((subscription, active) -> {
            if (!active && calls.incrementAndGet() <= 2) {
                throw error.get();
            }
        });
        Hub hub = hub(error, TestConfig.QUIET, presence);
        RecordingOutlet first = live(hub, "news");
        live(hub, "news");

        first.cancel();

        eventually().until(() -> hub.subscribers() == 1);
        done(hub.drain(Duration.ZERO));
        assertThat(hub.subscribers()).isZero();
        assertThat(presence.all()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void rejectedSearchForTheStartRejectsTheStreamWithATimeToReconnect(Supplier<Error> error) {
        logged.expect(RETRY_LATER);
        Hub hub = hub(error);
        publish(hub, "0");
        Subscription latest = new Subscription(
                List.of(TopicSelector.parse("news")),
                List.of(),
                Optional.empty(),
                Optional.of(new ReplayFrom.Latest(1)),
                true,
                Optional.empty(),
                Optional.empty());
        loop.failNext(1);

        assertThat(done(hub.locate(latest, loop, () -> false))).isEqualTo(StartPosition.RETRY_LATER);
    }

    /** Subscription without signals that resumes after an event evicted from memory. */
    private static Subscription silent(Event after) {
        return new Subscription(
                List.of(TopicSelector.parse("news")),
                List.of(),
                Optional.of(after.id().value()),
                false);
    }

    private Event firstOfThree(Hub hub) {
        Event first = done(hub.publish(Update.of(new Topic("news"), "0")));
        publish(hub, "1");
        publish(hub, "2");
        return first;
    }

    @ParameterizedTest
    @MethodSource("errors")
    void rejectedLookaheadStepRejectsTheStreamWithATimeToReconnect(Supplier<Error> error) {
        logged.expect(RETRY_LATER);
        log.close();
        log = withoutMemory();
        Hub hub = hub(error);
        Event first = firstOfThree(hub);
        loop.failNext(1);

        assertThat(done(hub.locate(silent(first), loop, () -> false))).isEqualTo(StartPosition.RETRY_LATER);

        assertThat(done(hub.locate(silent(first), loop, () -> false))).isEqualTo(StartPosition.after(first.position()));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failedReadOfALookaheadRejectsTheStreamWithATimeToReconnect(Supplier<Error> error) {
        logged.expect(RETRY_LATER);
        log.close();
        AtomicBoolean broken = new AtomicBoolean(true);
        log = new DelegatingLog(withoutMemory()) {
            @Override
            public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
                if (broken.getAndSet(false)) {
                    throw error.get();
                }
                return super.read(after, selectors, maxBytes);
            }
        };
        Hub hub = hub(error);
        Event first = firstOfThree(hub);

        assertThat(done(hub.locate(silent(first), loop, () -> false))).isEqualTo(StartPosition.RETRY_LATER);

        assertThat(done(hub.locate(silent(first), loop, () -> false))).isEqualTo(StartPosition.after(first.position()));
    }

    private static MemoryEventLog withoutMemory() {
        return new MemoryEventLog(
                Retention.of(1_000_000, PLENTY), PLENTY, 1, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());
    }

    /** The matcher thread submits each result to the stream's loop. */
    @ParameterizedTest
    @MethodSource("errors")
    void matchesRejectedByTheEventLoopEndOnlyTheirStream(Supplier<Error> error) {
        logged.expect("The result of matching expensive selectors could not be delivered.");
        Hub hub = hub(
                error, new TestConfig(Duration.ofMillis(10), Duration.ofSeconds(2), 1_000), SubscriptionListener.NONE);
        List<RecordingOutlet> crowd = IntStream.range(0, 3)
                .mapToObj(i -> new RecordingOutlet(loop).open(hub, expensive(i)))
                .toList();
        RecordingOutlet witness = live(hub, "news");
        eventually().until(() -> crowd.stream().allMatch(outlet -> outlet.lastId() != null));
        loop.failNextOf("herald-matcher", 1);

        done(hub.publish(expensiveToMatch("0")));
        eventually().until(() -> crowd.stream().anyMatch(RecordingOutlet::wasCut));
        done(hub.publish(expensiveToMatch("1")));

        awaitData(witness, "0", "1");
        List<RecordingOutlet> left =
                crowd.stream().filter(outlet -> !outlet.wasCut()).toList();
        assertThat(left).hasSize(2);
        left.forEach(outlet -> awaitData(outlet, "0", "1"));
        assertThat(hub.subscribers()).isEqualTo(3);
    }

    private static Update expensiveToMatch(String data) {
        return new Update(
                List.of(new Topic("news"), ExpensiveTemplates.matching(0)),
                data,
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    private static Subscription expensive(int stream) {
        // Templates of one matching shape.
        return new Subscription(List.of(ExpensiveTemplates.template(10 * stream)), List.of(), Optional.empty(), true);
    }

    /** The pages together exceed their budget. */
    @ParameterizedTest
    @MethodSource("errors")
    void pagesRejectedByTheEventLoopAreReleased(Supplier<Error> error) {
        log.close();
        HeldPages held = new HeldPages(withoutMemory());
        log = held;
        Hub hub = hub(
                error, new TestConfig(Duration.ofMillis(10), Duration.ofSeconds(2), 1_000), SubscriptionListener.NONE);
        String large = "x".repeat(600_000);
        publish(hub, large);
        publish(hub, "1");

        for (int i = 0; i < 8; i++) {
            RecordingOutlet lost = new RecordingOutlet(loop).open(hub, to("news", Optional.of(EventId.EARLIEST)));
            eventually().until(() -> !held.pages.isEmpty());
            loop.failNextOf(Thread.currentThread().getName(), 1);
            held.pages.remove(0).run();
            eventually().until(lost::wasCut);
        }

        held.open = true;
        RecordingOutlet next = new RecordingOutlet(loop).open(hub, to("news", Optional.of(EventId.EARLIEST)));
        awaitData(next, large, "1");
    }

    @ParameterizedTest
    @MethodSource("errors")
    void presenceUpdatesArePublishedAfter200ThatCouldNotBeEncoded(Supplier<Error> error) {
        logged.expect("A change of a subscription was not published, since it could not be written.");
        AtomicInteger encoded = new AtomicInteger();
        ConcurrentLinkedQueue<Update> published = new ConcurrentLinkedQueue<>();
        SubscriptionEvents feed = new SubscriptionEvents(
                Runnable::run,
                update -> {
                    published.add(update);
                    return CompletableFuture.completedStage(null);
                },
                (subscription, active) -> {
                    if (encoded.incrementAndGet() <= 200) {
                        throw error.get();
                    }
                    return Update.of(new Topic("presence"), "{}");
                },
                MemoryBudget.unlimited());

        IntStream.rangeClosed(1, 201).forEach(i -> feed.changed(CHANGED, true));

        assertThat(published).hasSize(1);
    }

    @Test
    void presenceUpdatesAreEncodedOnTheExecutorAndNotOnTheLogsThread() {
        List<Runnable> tasks = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Event>> answers = new CopyOnWriteArrayList<>();
        AtomicInteger encoded = new AtomicInteger();
        SubscriptionEvents feed = new SubscriptionEvents(
                tasks::add,
                update -> {
                    answers.add(new CompletableFuture<>());
                    return answers.get(answers.size() - 1);
                },
                (subscription, active) -> {
                    encoded.incrementAndGet();
                    return Update.of(new Topic("presence"), "{}");
                },
                MemoryBudget.unlimited());
        IntStream.range(0, 100).forEach(i -> feed.changed(CHANGED, true));
        assertThat(encoded).as("on the lane's thread").hasValue(0);
        tasks.remove(0).run();
        int written = encoded.get();
        assertThat(written).isBetween(1, 99);

        List.copyOf(answers).forEach(answer -> answer.complete(null));

        assertThat(encoded).as("on the log's thread").hasValue(written);
        while (!tasks.isEmpty()) {
            tasks.remove(0).run();
            List.copyOf(answers).forEach(answer -> answer.complete(null));
        }
        assertThat(encoded).hasValue(100);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void rejectedSliceIsSubmittedAgainOnResume(Supplier<Error> error) {
        AtomicReference<Runnable> slice = new AtomicReference<>();
        AtomicInteger asked = new AtomicInteger();
        TimeSlicedQueue slices = new TimeSlicedQueue(task -> {
            if (asked.incrementAndGet() == 1) {
                throw error.get();
            }
            slice.set(task);
        });
        AtomicInteger steps = new AtomicInteger();
        assertThat(failure(() -> slices.add(steps::incrementAndGet))).isInstanceOf(Error.class);

        slices.resume();

        slice.get().run();
        assertThat(steps).hasValue(1);
    }

    @Test
    void blockedEventLoopIsReportedUnresponsiveUntilItRunsAgain() {
        Hub hub = hub(OutOfMemoryError::new);
        live(hub, "news");
        eventually().until(() -> hub.responsive(Duration.ofSeconds(30)));
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        eventually().until(() -> !hub.responsive(Duration.ofSeconds(1)));

        release.countDown();
        eventually().until(() -> hub.responsive(Duration.ofSeconds(1)));
    }

    private static Throwable failure(Runnable act) {
        try {
            act.run();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    /** Topic list whose first access after {@code arm} fails. */
    private static final class FailingOnce extends AbstractList<Topic> {
        private final AtomicBoolean armed = new AtomicBoolean();
        private final Topic topic;
        private final Supplier<Error> error;

        FailingOnce(Topic topic, Supplier<Error> error) {
            this.topic = topic;
            this.error = error;
        }

        void arm() {
            armed.set(true);
        }

        @Override
        public Topic get(int index) {
            if (armed.getAndSet(false)) {
                throw error.get();
            }
            return topic;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /** Log whose reads the test completes, on the test's thread. */
    private static final class HeldPages extends DelegatingLog {
        final List<Runnable> pages = new CopyOnWriteArrayList<>();
        volatile boolean open;

        HeldPages(EventLog log) {
            super(log);
        }

        @Override
        public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
            CompletionStage<Page> page = super.read(after, selectors, maxBytes);
            if (open) {
                return page;
            }
            CompletableFuture<Page> held = new CompletableFuture<>();
            pages.add(() -> page.thenAccept(held::complete));
            return held;
        }
    }
}
