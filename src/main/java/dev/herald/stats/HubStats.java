package dev.herald.stats;

/**
 * What this node has done since it began. That there are private events may be told to nobody without a grant, so what may
 * be told to all is counted by itself. Immutable.
 *
 * @param open of events that anyone may read
 * @param hidden of private ones
 */
public record HubStats(EventStats open, EventStats hidden) {
    static final HubStats NONE = new HubStats(EventStats.NONE, EventStats.NONE);

    /** Of all events. */
    public EventStats all() {
        return open.plus(hidden);
    }

    public HubStats plus(HubStats other) {
        return new HubStats(open.plus(other.open), hidden.plus(other.hidden));
    }

    /** What has been done since {@code earlier}. */
    public HubStats since(HubStats earlier) {
        return new HubStats(open.minus(earlier.open), hidden.minus(earlier.hidden));
    }
}
