package dev.herald.log.local;

import java.time.Clock;

import org.junit.jupiter.api.Test;

import dev.herald.log.EventLog;
import dev.herald.log.PurgeContract;
import dev.herald.log.Retention;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryPurgeTest extends PurgeContract {
    @Override
    protected EventLog create(long maxEvents) {
        return new MemoryEventLog(
                Retention.of(maxEvents, 1L << 30),
                Long.MAX_VALUE,
                64 << 10,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
    }

    @Test
    void purgeReleasesTheHeapOfTheEvents() {
        try (EventLog log = create(1_000)) {
            for (int i = 0; i < 100; i++) {
                append(log, "x".repeat(500) + i, SECRET);
            }

            purge(log, new dev.herald.log.Purge.OfTopic(SECRET));

            assertThat(log.stats().kept().heapBytes()).isLessThan(100 * 1_000);
        }
    }
}
