package dev.herald.selector;

/**
 * Amount of matching work that may be done before other work gets its turn. A unit is about one step over 64 characters of
 * a topic, some nanoseconds: counted, so that tests do not depend on the machine. Not thread-safe.
 */
public final class MatchBudget {
    /**
     * Templates with more steps than this, taken together, are expensive: they are matched on no event loop. Some 150
     * templates of usual length have as many.
     */
    public static final int EXPENSIVE_STEPS = 1_024;

    /** What reading a page of the log, or a look back over it, may spend on matching: some milliseconds. */
    public static final long PAGE_UNITS = 5_000_000;

    private long left;

    /** @param units may be 0: the budget is exhausted from the beginning */
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

    /** Whether no more work should begin. */
    public boolean exhausted() {
        return left <= 0;
    }

    /** Units that are left; less than 0 if the last piece of work took more than was left. */
    public long left() {
        return left;
    }
}
