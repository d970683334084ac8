package dev.herald.log.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.log.Retention;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryKeysTest {
    private static final Retention.Keys LIMITS = new Retention.Keys(Duration.ofMinutes(10), 1_000_000);
    private static final int MANY = 100_000;

    /** Bytes that the rest of the process may allocate meanwhile. */
    private static final long OTHERS_BYTES = 5 << 20;

    private final MovingClock clock = new MovingClock();

    private StoredKey key(long number) {
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond(), number);
        return new StoredKey(
                new IdempotencyKey(new Fingerprint(number, 1), new Fingerprint(number, 2)),
                number,
                now,
                new Fingerprint(number, 3));
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void keysStayWithinTheirBytes() {
        MemoryKeys keys = new MemoryKeys(LIMITS, Long.MAX_VALUE, clock);
        keys.add(List.of(key(0)));
        long before = used();

        for (long number = 1; number <= MANY; number++) {
            keys.add(List.of(key(number)));
        }

        assertThat(used() - before).isLessThan(keys.heapBytes() + OTHERS_BYTES);
        assertThat(keys.find(new Fingerprint(MANY, 1))).isPresent();
        assertThat(keys.stats().count()).isEqualTo(MANY + 1);
    }

    @Test
    void keysTakeAtMostAPartOfTheHeapOfTheLog() {
        long heap = 8 << 20;
        MemoryKeys keys = new MemoryKeys(LIMITS, heap, clock);

        List<StoredKey> all = new ArrayList<>();
        for (long number = 0; number < keys.stats().limit(); number++) {
            all.add(key(number));
        }
        keys.add(all);

        assertThat(keys.hasRoom(new Fingerprint(-1, 1), 0, 0)).isFalse();
        assertThat(keys.heapBytes()).isBetween(heap / 8 - 300, heap / 8);
        clock.advance(Duration.ofMinutes(11));
        assertThat(keys.hasRoom(new Fingerprint(-1, 1), (int) keys.stats().limit() - 1, 0))
                .isTrue();
        assertThat(keys.hasRoom(new Fingerprint(-1, 1), (int) keys.stats().limit(), 0))
                .isFalse();
    }
}
