package dev.herald.hub;

/** Requested start of a new stream in the past. A live event marks the end of the replay. */
public sealed interface ReplayFrom {

    /**
     * Starts with the newest matching events.
     *
     * @param count number of events, 1 or more; all that are retained if there are fewer
     */
    record Latest(int count) implements ReplayFrom {}

    /** Starts with the newest event of each matching topic (PROTOCOL Q18). */
    record LatestOfEachTopic() implements ReplayFrom {}

    /**
     * Starts after an event or cursor.
     *
     * @param id as {@link Subscription#lastEventId()}
     */
    record After(String id) implements ReplayFrom {}
}
