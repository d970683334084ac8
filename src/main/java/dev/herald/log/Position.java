package dev.herald.log;

/**
 * How a position in the log is made up. Events that are kept are numbered 1, 2, 3 …; those that only pass stand between
 * two of them, so that they take no number from what is kept. Both are one rising {@code long}: the number in its upper 47
 * bits, enough for forty years of 100,000 events a second, and in the lower 16 the place among those that pass.
 */
public final class Position {
    private static final int PASSING_BITS = 16;
    private static final long PASSING = (1L << PASSING_BITS) - 1;

    private Position() {}

    /** The position of the kept event of that number; the place before all events for 0. */
    public static long kept(long number) {
        return number << PASSING_BITS;
    }

    /** The number of the kept event at the position, or of the last one before it. */
    public static long number(long position) {
        return position >> PASSING_BITS;
    }

    /** Whether the event at the position only passes. */
    public static boolean passes(long position) {
        return (position & PASSING) != 0;
    }

    /** The next position for an event that is kept. */
    static long nextKept(long position) {
        return kept(number(position) + 1);
    }

    /** Whether there is room for one more event that only passes. */
    static boolean roomToPass(long position) {
        return (position & PASSING) < PASSING;
    }
}
