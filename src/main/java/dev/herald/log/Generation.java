package dev.herald.log;

/**
 * A run of a log, from one start to the next.
 *
 * @param id random, never 0; 0 for one that is too old for its cursors to be opened
 * @param start the position at which it began: its events have higher ones
 * @param whole whether everything that was answered before {@code start} is known to stand there
 */
public record Generation(long id, long start, boolean whole) {
    /** The {@link #id} of a generation that cursors cannot name any more. */
    public static final long FORGOTTEN = 0;
}
