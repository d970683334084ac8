package dev.herald.soak;

/**
 * One event of the log, or of a subscriber's stream.
 *
 * @param attempt {@link Attempt#GAP} for a gap that was reported
 * @param idHash of the event's id
 */
record Stored(long attempt, int idHash) {
    /** A gap that was reported. */
    static final Stored GAP = new Stored(Attempt.GAP, 0);
}
