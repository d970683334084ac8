package dev.herald.stats;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LatencyHistogramTest {
    private static final double EIGHTH = 1 + 1.0 / 8;

    @Test
    void emptyHistogramHasQuantileZero() {
        assertThat(new LatencyHistogram().quantile(0.5)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.5, 0.99, 1})
    void quantilesAreAtMostOneEighthTooHigh(double share) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long[] micros = random.longs(10_001, 0, 40)
                .map(bits -> random.nextLong() >>> (63 - bits))
                .toArray();
        LatencyHistogram latencies = new LatencyHistogram();
        Arrays.stream(micros).forEach(latencies::add);
        Arrays.sort(micros);

        long exact = micros[(int) Math.ceil(micros.length * share) - 1];

        assertThat(latencies.quantile(share)).as("seed %d", seed).isBetween(exact, (long) (exact * EIGHTH));
    }

    @Test
    void valuesOutOfRangeAreClamped() {
        LatencyHistogram latencies = new LatencyHistogram();

        latencies.add(-5);
        latencies.add(Long.MAX_VALUE);

        assertThat(latencies.quantile(0.5)).isZero();
        assertThat(latencies.quantile(1)).isEqualTo((1L << 40) - 1);
    }

    @Test
    void differenceToACopyHasTheLaterValuesOnly() {
        LatencyHistogram latencies = new LatencyHistogram();
        latencies.add(5);
        LatencyHistogram before = latencies.copy();
        latencies.add(7);

        LatencyHistogram since = latencies.minus(before);

        assertThat(since.quantile(0.01)).isEqualTo(7);
        assertThat(since.plus(before).quantile(0.5)).isEqualTo(5);
        assertThat(since.sumMicros()).isEqualTo(7);
    }

    @Test
    void valuesBelowAPowerOfTwoAreCountedExactly() {
        LatencyHistogram latencies = new LatencyHistogram();
        for (long micros : new long[] {0, 7, 8, 127, 128, 129, 1 << 20}) {
            latencies.add(micros);
        }

        assertThat(latencies.below(3)).isEqualTo(2);
        assertThat(latencies.below(7)).isEqualTo(4);
        assertThat(latencies.below(8)).isEqualTo(6);
        assertThat(latencies.below(20)).isEqualTo(6);
        assertThat(latencies.below(21)).isEqualTo(7);
        assertThat(latencies.below(40)).isEqualTo(latencies.count()).isEqualTo(7);
    }
}
