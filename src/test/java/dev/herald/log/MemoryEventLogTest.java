package dev.herald.log;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

class MemoryEventLogTest extends EventLogContract {

    @Override
    protected EventLog create(long maxEvents, long maxBytes) {
        return new MemoryEventLog(
                Retention.of(maxEvents, maxBytes),
                Long.MAX_VALUE,
                32 << 20,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
    }

    @Test
    void neverTakesMoreHeapThanItMay() {
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
    void countsTopicsAndIdsTowardsItsHeap() {
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
}
