package dev.herald.hub;

/** Where a new stream begins in the past. A stream that asked for it is told where the past ends. */
public sealed interface ReplayFrom {

    /**
     * With the newest events of its own.
     *
     * @param count how many of them, 1 or more; all that are left if there are fewer
     */
    record Latest(int count) implements ReplayFrom {}

    /**
     * After what this names.
     *
     * @param id as {@link Subscription#lastEventId()}
     */
    record After(String id) implements ReplayFrom {}
}
