package dev.herald.selector;

/**
 * Limit on matching work, after which other work runs. A unit is about one step over 64 characters of a topic, some
 * nanoseconds; units are counted, so tests do not depend on the machine. Not thread-safe.
 */
public final class MatchBudget {
    /**
     * Maximum total steps of templates that are matched on an event loop; more are expensive. Some 150 templates of
     * usual length have as many.
     */
    public static final int EXPENSIVE_STEPS = 1_024;

    /** Matching cost limit of a page read or a backward search: some milliseconds. */
    public static final long PAGE_UNITS = 5_000_000;

    private long left;

    /** @param units may be 0: an exhausted budget */
    public MatchBudget(long units) {
        this.left = units;
    }

    /** A budget that is never exhausted. */
    static MatchBudget unlimited() {
        return new MatchBudget(Long.MAX_VALUE);
    }

    void spend(long units) {
        left -= units;
    }

    /** Whether no more work may begin. */
    public boolean exhausted() {
        return left <= 0;
    }

    /** Remaining units; negative if the last piece of work exceeded them. */
    public long left() {
        return left;
    }
}
