package dev.herald.log;

/**
 * Result of {@link EventLog#purge}.
 *
 * @param events number of kept events that were deleted
 * @param erased whether the files of the log contain no copy of them any more. False if a reader was in the way: then the
 *     write-ahead log has copies until it is overwritten
 */
public record Purged(long events, boolean erased) {}
