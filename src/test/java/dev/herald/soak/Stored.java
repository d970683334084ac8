package dev.herald.soak;

/**
 * Event of the log.
 *
 * @param idHash hash of the event's id
 */
record Stored(long attempt, int idHash) {}
