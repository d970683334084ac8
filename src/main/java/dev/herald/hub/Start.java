package dev.herald.hub;

/**
 * Where a stream begins.
 *
 * @param position the last position that it does not get
 * @param lost whether this is not what the subscriber asked for, since that is gone or unknown (PROTOCOL E6)
 */
record Start(long position, boolean lost) {}
