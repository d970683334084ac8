package dev.herald.stats;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentMaximumTest {
    private static final long PERIOD = 100;

    private final RecentMaximum maximum = new RecentMaximum(PERIOD, 0);

    @Test
    void greatestValueOfThePeriodIsKept() {
        maximum.record(3, 10);
        maximum.record(7, 20);
        maximum.record(5, 30);

        assertThat(maximum.get()).isEqualTo(7);
    }

    @Test
    void valueOfThePreviousPeriodCountsUntilTheNextOneEnds() {
        maximum.record(7, 20);
        maximum.record(3, 110);
        assertThat(maximum.get()).isEqualTo(7);

        maximum.record(0, 215);

        assertThat(maximum.get()).isEqualTo(3);
    }

    @Test
    void oldValuesExpireAfterALongPause() {
        maximum.record(7, 20);

        maximum.record(0, 500);

        assertThat(maximum.get()).isZero();
    }
}
