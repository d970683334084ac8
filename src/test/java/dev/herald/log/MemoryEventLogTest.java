package dev.herald.log;

import java.time.Clock;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryEventLogTest extends EventLogContract {

    @Override
    protected EventLog create(long maxEvents, long maxBytes) {
        return new MemoryEventLog(
                Retention.of(maxEvents, maxBytes), Long.MAX_VALUE, 32 << 20, 10_000, Clock.systemUTC());
    }

    @Test
    void neverTakesMoreHeapThanItMay() {
        try (EventLog log = new MemoryEventLog(
                Retention.of(1_000_000, 1L << 30),
                100 * RecentEvents.OVERHEAD_BYTES,
                1 << 20,
                10_000,
                Clock.systemUTC())) {
            for (int i = 0; i < 500; i++) {
                append(log, "" + i);
            }

            assertThat(readAll(log, log.horizon(), ALL, NO_LIMIT)).hasSizeBetween(50, 100);
        }
    }
}
