package dev.herald.log.local;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

import dev.herald.event.Fingerprint;

/**
 * Shares of publishers in the idempotency keys of a log: each may keep at most {@value #FACTOR} times as many as there
 * is room for. So one publisher gets three quarters of all, several get less each, and none alone can take the room of
 * the others (PROTOCOL Q15).
 *
 * <p>Counts in a table of fixed size: publishers in the same slot share its count. Which ones do is different in each
 * process, so that nobody can choose whose share to use. Used by one thread at a time.
 */
public final class KeyQuota {
    /** With a greater factor, one publisher gets more, and others wait longer for room after it. */
    private static final long FACTOR = 3;

    /** Number of slots: 64 KiB. */
    private static final int SLOTS = 1 << 14;

    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);

    private final int[] counts = new int[SLOTS];

    /** Odd, so that different publishers stay different. */
    private final long salt = ThreadLocalRandom.current().nextLong() | 1;

    /** Forgets all keys. */
    public void clear() {
        Arrays.fill(counts, 0);
    }

    /**
     * Counts keys of one publisher.
     *
     * @param publisher first half of their names
     * @param change number of keys that were added, negative if they were removed
     */
    public void add(long publisher, int change) {
        int slot = slot(publisher);
        // Damaged keys may be removed that were never counted.
        counts[slot] = Math.max(0, counts[slot] + change);
    }

    /**
     * Whether a publisher may add a key.
     *
     * @param name of the key
     * @param free keys of any publisher that can still be added
     * @param uncounted keys of this publisher that are not counted yet
     */
    public boolean admits(Fingerprint name, long free, int uncounted) {
        return counts[slot(name.high())] + (long) uncounted < FACTOR * free;
    }

    private int slot(long publisher) {
        return (int) (publisher * salt >>> SHIFT);
    }
}
