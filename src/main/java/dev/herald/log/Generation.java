package dev.herald.log;

/**
 * One run of a log, from a start to the next.
 *
 * @param id random; {@link #EXPIRED} if it is too old to open its cursors
 * @param start position at which it began, exclusive
 * @param whole whether all events acknowledged before {@code start} are known to be in the log
 */
public record Generation(long id, long start, boolean whole) {
    /** {@link #id} of a generation whose cursors no longer open. */
    public static final long EXPIRED = 0;
}
