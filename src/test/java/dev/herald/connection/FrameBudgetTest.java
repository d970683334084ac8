package dev.herald.connection;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the frame budget of an address: burst, rate, and one budget for all connections and addresses of a network.
 */
class FrameBudgetTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);
    private final FrameBudget budget = new FrameBudget(100, 10, now::get);

    private long takeMany(String host, int count) {
        long pause = 0;
        for (int i = 0; i < count; i++) {
            pause = budget.acquire(new InetSocketAddress(host, 1_000 + i));
        }
        return pause;
    }

    @Test
    void framesBeyondTheBurstAreDelayed() {
        assertThat(takeMany("192.0.2.1", 100)).isNotPositive();

        assertThat(takeMany("192.0.2.1", 1)).isEqualTo(SECOND / 10);
        assertThat(takeMany("192.0.2.2", 100)).as("of another address").isNotPositive();
    }

    @Test
    void budgetIsRefilledAtTheRate() {
        takeMany("192.0.2.1", 100);

        now.addAndGet(2 * SECOND);

        assertThat(takeMany("192.0.2.1", 20)).isNotPositive();
        assertThat(takeMany("192.0.2.1", 1)).isPositive();
    }

    @Test
    void ipv6NetworkSharesOneBudget() {
        takeMany("2001:db8::1", 100);

        assertThat(takeMany("2001:db8::2", 1)).isPositive();
        assertThat(takeMany("2001:db8:0:1::1", 1)).isNotPositive();
    }
}
