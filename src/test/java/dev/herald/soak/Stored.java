package dev.herald.soak;

/**
 * Event of the log or of a subscriber's stream.
 *
 * @param attempt {@link Attempt#GAP} for a reported gap
 * @param idHash hash of the event's id
 */
record Stored(long attempt, int idHash) {
    /** A reported gap. */
    static final Stored GAP = new Stored(Attempt.GAP, 0);
}
