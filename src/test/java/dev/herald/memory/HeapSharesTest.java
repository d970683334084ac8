package dev.herald.memory;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that all shares together leave heap for the hub itself, temporary objects, and the collector. */
class HeapSharesTest {
    @ParameterizedTest(name = "{0} MB, log in memory: {1}")
    @CsvSource({"64, false", "64, true", "128, false", "128, true", "256, false", "512, true", "16384, false"})
    void sharesTogetherStayBelowTwoThirdsOfTheHeap(long megabytes, boolean memoryLog) {
        for (boolean limits : new boolean[] {false, true}) {
            HeapShares shares = HeapShares.of(megabytes << 20, memoryLog, limits);

            assertThat(sum(shares)).isLessThan((megabytes << 20) / 3 * 2);
            assertThat(shares.streams().limit()).isGreaterThan(0);
        }
    }

    private static long sum(HeapShares shares) {
        return shares.recentBytes()
                + shares.memoryLogBytes()
                + shares.envelopeBytes()
                + shares.limitsBytes()
                + shares.revocationBytes()
                + shares.bodies().limit()
                + shares.updates().limit()
                + shares.pages().limit()
                + shares.expensivePages().limit()
                + shares.tokens().limit()
                + shares.presence().limit()
                + shares.documents().limit()
                + shares.history().limit()
                + shares.requests().limit()
                + shares.streams().limit();
    }

    @ParameterizedTest
    @CsvSource({"64, false", "512, true", "100000, false"})
    void withoutLimitsTheirShareBelongsToTheStreams(long megabytes, boolean memoryLog) {
        HeapShares without = HeapShares.of(megabytes << 20, memoryLog, false);
        HeapShares with = HeapShares.of(megabytes << 20, memoryLog, true);

        assertThat(without.limitsBytes()).isZero();
        assertThat(with.limitsBytes()).isBetween(100_000L, 256L << 20);
        assertThat(without.streams().limit() - with.streams().limit()).isEqualTo(with.limitsBytes());
        assertThat(sum(without)).isEqualTo(sum(with));
    }

    @ParameterizedTest
    @CsvSource({"1", "20", "24", "30"})
    void heapThatIsTooSmallStillHasAShareForEverything(long megabytes) {
        HeapShares shares = HeapShares.of(megabytes << 20, true);

        assertThat(shares.streams().limit()).isGreaterThan(100_000);
        assertThat(shares.recentBytes()).isGreaterThan(100_000);
    }
}
