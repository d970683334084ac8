package dev.herald.soak;

/** What one subscriber observed, in order of arrival. All times are by {@link System#nanoTime()}. */
sealed interface Arrival {
    /**
     * An update.
     *
     * @param idHash hash of the event's id
     */
    record Event(long attempt, int idHash, long at) implements Arrival {}

    /** A gap, reported in the stream or in the head of the response. */
    record Gap(long at) implements Arrival {}

    /**
     * Start of a stream after an id that publishers give several times.
     *
     * @param idHash hash of the id
     * @param requestedAt time before the request
     * @param openedAt time after the head of the response
     */
    record Resumed(int idHash, long requestedAt, long openedAt) implements Arrival {}

    /**
     * Start of a stream with the latest events, wherever the subscriber was before.
     *
     * @param count requested number of events
     * @param requestedAt time before the request
     * @param openedAt time after the head of the response
     */
    record Latest(int count, long requestedAt, long openedAt) implements Arrival {}

    /**
     * The event that marks the end of the replay.
     *
     * @param requestedAt time before the request of its stream
     */
    record Live(long requestedAt, long at) implements Arrival {}
}
