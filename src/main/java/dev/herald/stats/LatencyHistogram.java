package dev.herald.stats;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Latency histogram in microseconds, with eight buckets for each power of two, so that a quantile is at most an eighth
 * too high. One thread adds; any thread reads, copies best, since a histogram in use changes between two reads.
 */
public final class LatencyHistogram {
    private static final int EXACT_BITS = 3;
    private static final int EXACT = 1 << EXACT_BITS;

    /** 2^40 µs is twelve days; longer latencies are clamped to it. */
    private static final int LARGEST_EXPONENT = 39;

    private static final int BUCKETS = (LARGEST_EXPONENT - EXACT_BITS + 2) * EXACT;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final AtomicLong sum = new AtomicLong();

    /** Adds a latency; a negative one, from a clock set back, is 0. */
    public void add(long micros) {
        long latency = Math.max(0, micros);
        int bucket = bucket(latency);
        counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
        sum.setOpaque(sum.getPlain() + latency);
    }

    /** A copy that no longer changes. Thread-safe. */
    public LatencyHistogram copy() {
        return plus(new LatencyHistogram());
    }

    LatencyHistogram plus(LatencyHistogram other) {
        return combined(other, 1);
    }

    /** Difference to an earlier copy. */
    LatencyHistogram minus(LatencyHistogram earlier) {
        return combined(earlier, -1);
    }

    private LatencyHistogram combined(LatencyHistogram other, int factor) {
        LatencyHistogram result = new LatencyHistogram();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            result.counts.setPlain(bucket, counts.getOpaque(bucket) + factor * other.counts.getOpaque(bucket));
        }
        result.sum.setPlain(sum.getOpaque() + factor * other.sum.getOpaque());
        return result;
    }

    /** Number of latencies. */
    public long count() {
        return countOf(BUCKETS);
    }

    /**
     * Number of latencies below a power of two.
     *
     * @param exponent of {@code 2^exponent} microseconds, from 3 to 40
     */
    public long below(int exponent) {
        return countOf((exponent - EXACT_BITS + 1) * EXACT);
    }

    private long countOf(int firstBuckets) {
        long count = 0;
        for (int bucket = 0; bucket < firstBuckets; bucket++) {
            count += counts.getOpaque(bucket);
        }
        return count;
    }

    /** Sum of all latencies, in microseconds. */
    public long sumMicros() {
        return sum.getOpaque();
    }

    /**
     * Quantile, in microseconds; 0 if empty.
     *
     * @param share above 0, at most 1
     */
    long quantile(double share) {
        long all = count();
        long wanted = (long) Math.ceil(all * share);
        long found = 0;
        for (int bucket = 0; all > 0 && bucket < BUCKETS; bucket++) {
            found += counts.getOpaque(bucket);
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
