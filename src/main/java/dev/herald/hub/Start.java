package dev.herald.hub;

/**
 * Where a stream begins.
 *
 * @param position the last position that it does not get
 * @param lost whether this is not what the subscriber asked for, since that is gone or unknown (PROTOCOL E6)
 */
public record Start(long position, boolean lost) {
    /** Not now: the stream is to end at once, and its client to come back later (PROTOCOL E8). */
    public static final Start LATER = new Start(-1, false);

    /** Right after a position that was asked for. */
    static Start after(long position) {
        return new Start(position, false);
    }
}
