package dev.herald.log.local;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.log.CapturedErrors;
import dev.herald.log.Cursors;
import dev.herald.log.EventLogException;
import dev.herald.log.LogFullException;
import dev.herald.log.RecentEvents;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class AppenderTest {
    private static final Update UPDATE = Update.of(new Topic("t"), "{}");

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(Appender.class.getName());

    private final RecentEvents recent = new RecentEvents(1 << 20);
    private final Cursors cursors = Cursors.ofNewLog(recent);
    private final List<Integer> batches = new ArrayList<>();

    @Test
    void appendsAllQueuedUpdatesInOneBatch() throws Exception {
        CyclicBarrier gate = new CyclicBarrier(2);
        try (Appender appender = new Appender(
                (batch, keys) -> pass(gate, batch),
                recent,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {
            CompletionStage<Event> first = appender.append(UPDATE);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            List<CompletionStage<Event>> rest = IntStream.range(0, 50)
                    .mapToObj(i -> appender.append(UPDATE))
                    .toList();
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);

            rest.forEach(Patience::done);
            assertThat(done(first).position()).isEqualTo(1);
            assertThat(batches).containsExactly(1, 50);
        }
    }

    @Test
    void listenerLearnsTheLastPositionBeforeAnyEventOfItsBatchCanBeRead() {
        List<Long> calls = new CopyOnWriteArrayList<>();
        AppendListener listener = new AppendListener() {
            @Override
            public void taken() {
                calls.add(recent.head());
            }

            @Override
            public void stored(long position) {
                calls.add(recent.head());
                calls.add(position);
                throw new OutOfMemoryError("of a listener");
            }
        };
        try (Appender appender =
                new Appender((batch, keys) -> {}, recent, 100, MemoryBudget.unlimited(), Clock.systemUTC(), cursors)) {
            UpdateBatch batch = new UpdateBatch(List.of(UPDATE, UPDATE, UPDATE), Optional.empty());

            assertThat(done(appender.append(batch, listener)).ids()).hasSize(3);
            assertThat(calls).containsExactly(0L, 0L, 3L);
            assertThat(done(appender.append(UPDATE)).position()).isEqualTo(4);
        }
    }

    @Test
    void rejectsUpdatesBeyondTheBoundAndRecovers() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        try (Appender appender = new Appender(
                (batch, keys) -> {
                    inside.countDown();
                    waitFor(open);
                },
                recent,
                3,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {
            CompletionStage<Event> inWork = appender.append(UPDATE);
            waitFor(inside);
            List<CompletionStage<Event>> waiting =
                    IntStream.range(0, 3).mapToObj(i -> appender.append(UPDATE)).toList();

            CompletionStage<Event> rejected = appender.append(UPDATE);

            assertThat(rejected.toCompletableFuture())
                    .failsWithin(Patience.LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(LogFullException.class);
            open.countDown();
            done(inWork);
            waiting.forEach(Patience::done);
            assertThat(done(appender.append(UPDATE)).position()).isEqualTo(5);
        }
    }

    /** The bound includes all memory of an update: short data may have long topics, or become a long frame. */
    @ParameterizedTest
    @MethodSource("largeUpdates")
    void rejectsUpdatesBeyondItsBytesAndReleasesAllReservations(Update large) throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        MemoryBudget budget = new MemoryBudget(1 << 20);
        try (Appender appender = new Appender(
                (batch, keys) -> {
                    inside.countDown();
                    waitFor(open);
                },
                recent,
                100,
                budget,
                Clock.systemUTC(),
                cursors)) {
            CompletionStage<Event> inWork = appender.append(large);
            waitFor(inside);
            CompletionStage<Event> waiting = appender.append(large);

            List<CompletionStage<Event>> rejected =
                    IntStream.range(0, 5).mapToObj(i -> appender.append(large)).toList();

            assertThat(rejected).allSatisfy(answer -> assertThat(answer.toCompletableFuture())
                    .failsWithin(Patience.LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(LogFullException.class));
            assertThat(budget.reserved()).isLessThanOrEqualTo(budget.limit());
            open.countDown();
            done(inWork);
            done(waiting);
            eventually().untilAsserted(() -> assertThat(budget.reserved()).isZero());
            done(appender.append(large));
        }
    }

    static Stream<Named<Update>> largeUpdates() {
        return Stream.of(
                Named.of("data", Update.of(new Topic("t"), "x".repeat(120_000))),
                Named.of("topics", topics(100)),
                Named.of("line breaks", Update.of(new Topic("t"), "\n".repeat(30_000))));
    }

    private static Update topics(int count) {
        return new Update(
                IntStream.range(0, count)
                        .mapToObj(i -> new Topic(i + "/" + "t".repeat(2_000)))
                        .toList(),
                "x",
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    @Test
    void acceptsAnUpdateLargerThanTheBudgetWhenTheQueueIsEmpty() {
        MemoryBudget budget = new MemoryBudget(1_000);
        try (Appender appender = new Appender((batch, keys) -> {}, recent, 100, budget, Clock.systemUTC(), cursors)) {

            Event event = done(appender.append(Update.of(new Topic("t"), "x".repeat(100_000))));

            assertThat(event.frame().size()).isGreaterThan(100_000);
        }
    }

    @Test
    void splitsLargeUpdatesIntoBatchesBoundedInBytes() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        List<Long> sizes = new CopyOnWriteArrayList<>();
        Update large = Update.of(new Topic("t"), "\n".repeat(300_000));
        try (Appender appender = new Appender(
                (batch, keys) -> {
                    sizes.add(batch.stream()
                            .mapToLong(event -> event.frame().size())
                            .sum());
                    inside.countDown();
                    waitFor(open);
                },
                recent,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {
            appender.append(UPDATE);
            waitFor(inside);
            List<CompletionStage<Event>> waiting =
                    IntStream.range(0, 20).mapToObj(i -> appender.append(large)).toList();

            open.countDown();
            waiting.forEach(Patience::done);

            assertThat(sizes).allMatch(bytes -> bytes < 8 << 20);
        }
    }

    @Test
    void failedBatchIsRolledBackAndTheNextSucceeds() {
        logged.expect("A batch of updates was not stored.");
        List<RuntimeException> failures = new ArrayList<>(
                List.of(new EventLogException("The disk is full."), new IllegalStateException("a bug")));
        try (Appender appender = new Appender(
                (batch, keys) -> {
                    if (!failures.isEmpty()) {
                        throw failures.remove(0);
                    }
                },
                recent,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {

            for (int i = 0; i < 2; i++) {
                assertThat(appender.append(UPDATE).toCompletableFuture())
                        .failsWithin(Patience.LIMIT)
                        .withThrowableThat()
                        .withCauseInstanceOf(EventLogException.class);
            }
            Event kept = done(appender.append(UPDATE));

            assertThat(kept.position()).isEqualTo(1);
            assertThat(recent.after(0, Long.MAX_VALUE, Integer.MAX_VALUE).events())
                    .containsExactly(kept);
        }
    }

    @Test
    void errorDuringRollbackDoesNotEndTheThread() {
        CountDownLatch maintained = new CountDownLatch(1);
        BatchStore store = new BatchStore() {
            @Override
            public void store(List<Event> events, List<StoredKey> keys) {
                // Nothing to store.
            }

            @Override
            public boolean maintain() {
                maintained.countDown();
                throw new OutOfMemoryError("Injected error.");
            }
        };
        try (Appender appender =
                new Appender(store, recent, 100, MemoryBudget.unlimited(), Clock.systemUTC(), cursors)) {
            waitFor(maintained);

            done(appender.append(UPDATE));

            assertThat(appender.alive()).isTrue();
            assertThat(logged.lines()).contains("The log's maintenance failed.");
        }
    }

    /** Whatever fails after the commit, such as for lack of memory: the mirror must not stop there for ever. */
    @Test
    void copyCanBeRepeatedAfterAFailure() {
        List<Long> stored = new ArrayList<>();
        BatchStore store = new BatchStore() {
            @Override
            public void store(List<Event> events, List<StoredKey> keys) {
                events.forEach(event -> {
                    assertThat(stored).as("unique positions").doesNotContain(event.position());
                    stored.add(event.position());
                });
                if (stored.size() == 1) {
                    throw new OutOfMemoryError("after the commit");
                }
            }

            @Override
            public long head() {
                return stored.isEmpty() ? 0 : stored.get(stored.size() - 1);
            }
        };
        List<Event> events = List.of(
                Event.of(1, new EventId("1"), Instant.EPOCH, false, UPDATE),
                Event.of(2, new EventId("2"), Instant.EPOCH, false, UPDATE));
        try (Appender appender =
                new Appender(store, recent, 100, MemoryBudget.unlimited(), Clock.systemUTC(), cursors)) {
            assertThat(appender.copy(events.subList(0, 1), 1).toCompletableFuture())
                    .failsWithin(Patience.LIMIT);

            done(appender.copy(events, 2));

            assertThat(stored).containsExactly(1L, 2L);
            assertThat(recent.after(0, Long.MAX_VALUE, Integer.MAX_VALUE).events())
                    .containsExactlyElementsOf(events);
        }
    }

    @Test
    void eventsThatDoNotFitInMemoryAreAcknowledgedAndReadFromTheLog() {
        List<Event> kept = new ArrayList<>();
        BatchStore store = (batch, keys) -> {
            if (kept.isEmpty()) {
                // Makes the recent events reject the next one.
                recent.add(List.of(Event.of(1_000, new EventId("1000"), Instant.EPOCH, false, UPDATE)));
            }
            kept.addAll(batch);
        };
        try (Appender appender =
                new Appender(store, recent, 100, MemoryBudget.unlimited(), Clock.systemUTC(), cursors)) {
            Event first = done(appender.append(UPDATE));
            Event second = done(appender.append(UPDATE));

            assertThat(kept).containsExactly(first, second);
            assertThat(second.position()).isEqualTo(2);
            assertThat(recent.after(0, Long.MAX_VALUE, Integer.MAX_VALUE).covered())
                    .as("memory does not cover the first event")
                    .isFalse();
            assertThat(recent.after(first.position(), Long.MAX_VALUE, Integer.MAX_VALUE)
                            .events())
                    .containsExactly(second);
            assertThat(logged.lines()).hasSize(1);
        }
    }

    @Test
    void failingFollowerDoesNotStopTheLog() {
        logged.expect("The follower of the log failed.");
        try (Appender appender =
                new Appender((batch, keys) -> {}, recent, 100, MemoryBudget.unlimited(), Clock.systemUTC(), cursors)) {
            appender.follow(head -> {
                throw new IllegalStateException("a bug in the follower");
            });

            done(appender.append(UPDATE));

            assertThat(done(appender.append(UPDATE)).position()).isEqualTo(2);
        }
    }

    @Test
    void transientEventsAreDeliveredInOrderAndNotStored() {
        List<Event> kept = new ArrayList<>();
        try (Appender appender = new Appender(
                (batch, keys) -> kept.addAll(batch),
                recent,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {
            Event first = done(appender.append(UPDATE));
            Event passing = done(appender.appendTransient(UPDATE));
            Event second = done(appender.append(UPDATE));

            assertThat(kept).containsExactly(first, second);
            assertThat(recent.after(0, Long.MAX_VALUE, Integer.MAX_VALUE).events())
                    .containsExactly(first, passing, second);
            assertThat(second.position()).isEqualTo(3);
            assertThat(recent.transientEvent(passing.id())).contains(passing);
            assertThat(recent.transientEvent(first.id())).isEmpty();
        }
    }

    @Test
    void transientEventsAloneCauseNoWrite() {
        List<Event> kept = new ArrayList<>();
        try (Appender appender = new Appender(
                (batch, keys) -> kept.addAll(batch),
                recent,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {
            Event first = done(appender.appendTransient(UPDATE));
            Event second = done(appender.appendTransient(UPDATE));

            assertThat(kept).isEmpty();
            assertThat(List.of(first.position(), second.position())).containsExactly(1L, 2L);
            assertThat(recent.newestKept()).isZero();
        }
    }

    @Test
    void transientEventIdNamesThePrecedingStoredEventEvenInOneBatch() throws Exception {
        CyclicBarrier gate = new CyclicBarrier(2);
        try (Appender appender = new Appender(
                (batch, keys) -> pass(gate, batch),
                recent,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC(),
                cursors)) {
            appender.append(UPDATE);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            CompletionStage<Event> kept = appender.append(UPDATE);
            CompletionStage<Event> transientEvent = appender.appendTransient(UPDATE);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);

            assertThat(batches).containsExactly(1, 1);
            assertThat(cursors.position(done(transientEvent).id()))
                    .hasValue(done(kept).position());
        }
    }

    private void pass(CyclicBarrier gate, List<Event> batch) {
        batches.add(batch.size());
        try {
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            gate.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
