package dev.herald.hub;

/**
 * Start position of a stream.
 *
 * @param position last position that the stream skips
 * @param oldest whether it starts with the oldest retained event, so that events removed by retention before then are
 *     no loss
 * @param lost whether the requested position is gone or unknown (PROTOCOL E6)
 */
public record StartPosition(long position, boolean oldest, boolean lost) {
    /** Rejection: the stream ends at once, and its client reconnects later (PROTOCOL E8). */
    public static final StartPosition LATER = new StartPosition(-1, false, false);

    /** After the requested position. */
    static StartPosition after(long position) {
        return new StartPosition(position, false, false);
    }

    /** With the oldest retained event, as requested. */
    static StartPosition oldest(long horizon) {
        return new StartPosition(horizon, true, false);
    }

    /** With the oldest retained event, since the requested position is gone or unknown. */
    static StartPosition lost(long horizon) {
        return new StartPosition(horizon, true, true);
    }
}
