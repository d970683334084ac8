package dev.herald.hub;

/**
 * Where a stream begins.
 *
 * @param position the last position that it does not get
 * @param oldest whether it is to get all that is left, so that what retention takes before it has begun is no loss to it
 * @param lost whether this is not what the subscriber asked for, since that is gone or unknown (PROTOCOL E6)
 */
public record StartPosition(long position, boolean oldest, boolean lost) {
    /** Not now: the stream is to end at once, and its client to come back later (PROTOCOL E8). */
    public static final StartPosition LATER = new StartPosition(-1, false, false);

    /** Right after a position that was asked for. */
    static StartPosition after(long position) {
        return new StartPosition(position, false, false);
    }

    /** With all that is left, as it was asked for. */
    static StartPosition oldest(long horizon) {
        return new StartPosition(horizon, true, false);
    }

    /** With all that is left, since what was asked for is not there. */
    static StartPosition lost(long horizon) {
        return new StartPosition(horizon, true, true);
    }
}
