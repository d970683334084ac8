package dev.herald.stats;

import java.util.Arrays;

/**
 * Latency histogram in microseconds, with eight buckets for each power of two, so that a quantile is at most an eighth
 * too high. Not thread-safe; share copies only.
 */
public final class LatencyHistogram {
    private static final int EXACT_BITS = 3;
    private static final int EXACT = 1 << EXACT_BITS;

    /** 2^40 µs is twelve days; longer latencies are clamped to it. */
    private static final int LARGEST_EXPONENT = 39;

    private static final int BUCKETS = (LARGEST_EXPONENT - EXACT_BITS + 2) * EXACT;

    private final long[] counts;

    LatencyHistogram() {
        this(new long[BUCKETS]);
    }

    private LatencyHistogram(long[] counts) {
        this.counts = counts;
    }

    /** Adds a latency; a negative one, from a clock set back, is 0. */
    void add(long micros) {
        counts[bucket(Math.max(0, micros))]++;
    }

    LatencyHistogram copy() {
        return new LatencyHistogram(counts.clone());
    }

    LatencyHistogram plus(LatencyHistogram other) {
        return combined(other, 1);
    }

    /** Difference to an earlier copy. */
    LatencyHistogram minus(LatencyHistogram earlier) {
        return combined(earlier, -1);
    }

    private LatencyHistogram combined(LatencyHistogram other, int factor) {
        long[] sum = counts.clone();
        Arrays.setAll(sum, bucket -> sum[bucket] + factor * other.counts[bucket]);
        return new LatencyHistogram(sum);
    }

    /**
     * Quantile, in microseconds; 0 if empty.
     *
     * @param share above 0, at most 1
     */
    long quantile(double share) {
        long all = Arrays.stream(counts).sum();
        long wanted = (long) Math.ceil(all * share);
        long found = 0;
        for (int bucket = 0; all > 0 && bucket < BUCKETS; bucket++) {
            found += counts[bucket];
            if (found >= wanted) {
                return highest(bucket);
            }
        }
        return 0;
    }

    private static int bucket(long micros) {
        if (micros < EXACT) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        if (exponent > LARGEST_EXPONENT) {
            return BUCKETS - 1;
        }
        int eighth = (int) (micros >>> (exponent - EXACT_BITS)) & (EXACT - 1);
        return (exponent - EXACT_BITS + 1) * EXACT + eighth;
    }

    private static long highest(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        int shift = bucket / EXACT - 1;
        return ((long) (EXACT + bucket % EXACT + 1) << shift) - 1;
    }
}
