package dev.herald.bench;

import java.util.Arrays;

/** Counter of one subscriber's messages: each publisher's must arrive once and in order. Not thread-safe. */
final class MessageCounter {
    private final long[] last;
    private long delivered;
    private long missing;
    private long doubled;
    private long disordered;

    MessageCounter(int publishers) {
        last = new long[publishers];
        Arrays.fill(last, -1);
    }

    void count(int publisher, long number) {
        delivered++;
        if (number > last[publisher]) {
            missing += number - last[publisher] - 1;
            last[publisher] = number;
        } else if (number == last[publisher]) {
            doubled++;
        } else {
            disordered++;
        }
    }

    long delivered() {
        return delivered;
    }

    /** Number of a publisher's messages that have arrived, or should have. */
    long reached(int publisher) {
        return last[publisher] + 1;
    }

    long faults() {
        return missing + doubled + disordered;
    }

    @Override
    public String toString() {
        return String.format(
                "delivered=%d missing=%d doubled=%d disordered=%d", delivered, missing, doubled, disordered);
    }
}
