package dev.herald.hub;

/** Decision on a new stream: the position at which it starts, or a rejection. */
public sealed interface StartPosition {
    /** Rejection since the hub cannot serve the stream at the moment. */
    RetryLater RETRY_LATER = new RetryLater(EndNotice.OVERLOADED);

    /** After the requested position. */
    static At after(long position) {
        return new At(position, false, false);
    }

    /** With the oldest retained event, as requested. */
    static At oldest(long horizon) {
        return new At(horizon, true, false);
    }

    /** With the oldest retained event, since the requested position was removed or is unknown. */
    static At lost(long horizon) {
        return new At(horizon, true, true);
    }

    /**
     * Start position of a stream.
     *
     * @param position last position that the stream skips
     * @param oldest whether it starts with the oldest retained event, so that events removed by retention before then
     *     are no loss
     * @param lost whether the requested position was removed or is unknown (PROTOCOL E6)
     */
    record At(long position, boolean oldest, boolean lost) implements StartPosition {}

    /** Rejection: the stream ends at once, and its client reconnects later (PROTOCOL E8, E12). */
    record RetryLater(EndNotice end) implements StartPosition {}
}
