package dev.herald.log.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.UtcClock;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.KeyQuotaContract;
import dev.herald.log.Retention;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MemoryEventLogTest extends KeyQuotaContract {

    @Override
    protected EventLog create(long maxEvents, long maxBytes) {
        return create(Retention.of(maxEvents, maxBytes), Clock.systemUTC());
    }

    @Override
    protected EventLog create(Retention retention, Clock clock) {
        return new MemoryEventLog(retention, Long.MAX_VALUE, 32 << 20, 100_000, MemoryBudget.unlimited(), clock);
    }

    @Test
    void heapStaysWithinTheLimit() {
        try (EventLog log = new MemoryEventLog(
                Retention.of(1_000_000, 1L << 30),
                100 * 500,
                1 << 20,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC())) {
            for (int i = 0; i < 500; i++) {
                append(log, "" + i);
            }

            assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).hasSizeBetween(50, 100);
        }
    }

    @Test
    void heapAccountingIncludesTopicsAndIds() {
        try (EventLog log = new MemoryEventLog(
                Retention.of(1_000_000, 1L << 30),
                1 << 20,
                1 << 20,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC())) {
            for (int i = 0; i < 50; i++) {
                done(log.append(Update.of(new Topic(i + "t".repeat(4_000)), "x")));
                done(log.append(new Update(
                        List.of(new Topic("t")),
                        "x",
                        false,
                        Optional.of(new EventId(i + "i".repeat(1_000))),
                        Optional.empty(),
                        OptionalLong.empty())));
            }
            for (int i = 0; i < 100; i++) {
                done(log.append(Update.of(new Topic(i + "t".repeat(4_000)), "x")));
            }

            List<Event> left = readAll(log, log.horizon(), ALL, NO_LIMIT);

            assertThat(left).hasSizeGreaterThan(50);
            assertThat(left.stream().mapToLong(Event::heapBytes).sum()).isLessThanOrEqualTo(1 << 20);
        }
    }

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("Injected error."), () -> new StackOverflowError("Injected error."));
    }

    /** Topic list whose access fails once, as without memory for the result. */
    private static final class FailingTopics extends AbstractList<Topic> {
        private final Supplier<Error> error;
        private boolean failed;

        FailingTopics(Supplier<Error> error) {
            this.error = error;
        }

        @Override
        public Topic get(int index) {
            if (!failed) {
                failed = true;
                throw error.get();
            }
            return new Topic("t");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private static Event event(long number, List<Topic> topics) {
        EventId id = new EventId("batch-" + number);
        Event made = Event.of(number, id, Instant.EPOCH, false, Update.of(new Topic("t"), "lost"));
        return new Event(
                number,
                id,
                made.acceptedAt(),
                topics,
                false,
                false,
                made.type(),
                made.retryMillis(),
                made.data(),
                made.frame());
    }

    @ParameterizedTest
    @MethodSource("errors")
    void invariant8ErrorWithinABatchStoresNoneOfIt(Supplier<Error> error) {
        try (MemoryEventLog log = (MemoryEventLog) create(4, 1L << 30)) {
            List<Event> batch = List.of(
                    event(1, List.of(new Topic("t"))),
                    event(2, new FailingTopics(error)),
                    event(3, List.of(new Topic("t"))));

            assertThatThrownBy(() -> log.store().store(batch, List.of())).isInstanceOf(Error.class);

            assertThat(readAll(log, 0, ALL, NO_LIMIT)).isEmpty();
            assertThat(done(log.find(new EventId("batch-1"), ALL))).isEmpty();
            for (int i = 1; i <= 6; i++) {
                assertThat(append(log, "" + i).position()).isEqualTo(i);
                assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).hasSize(Math.min(i, 4));
            }
            assertThat(done(log.find(new EventId("batch-3"), ALL))).isEmpty();
        }
    }

    /** The error occurs in retention, which runs after the batch is stored. */
    @ParameterizedTest
    @MethodSource("errors")
    void invariant8ErrorDuringTrimmingLosesNoBatch(Supplier<Error> error) {
        CapturedErrors logged = new CapturedErrors("dev.herald.log");
        logged.start();
        AtomicInteger readings = new AtomicInteger();
        Clock clock = new UtcClock() {
            @Override
            public Instant instant() {
                // The second access of each batch is for the age of events.
                if (readings.incrementAndGet() == 2) {
                    throw error.get();
                }
                return Instant.now();
            }
        };
        Retention hour = new Retention(10, 1L << 30, Optional.of(Duration.ofHours(1)));
        try (EventLog log =
                new MemoryEventLog(hour, Long.MAX_VALUE, 32 << 20, 10_000, MemoryBudget.unlimited(), clock)) {
            List<EventId> ids = List.of(
                    append(log, "1").id(),
                    append(log, "2").id(),
                    append(log, "3").id());

            assertThat(readAll(log, 0, ALL, NO_LIMIT)).extracting(Event::id).isEqualTo(ids);
            assertThat(readings.get()).isGreaterThan(2);
            assertThat(logged.lines()).containsExactly("The memory log could not be trimmed.");
        } finally {
            logged.stop();
        }
    }
}
