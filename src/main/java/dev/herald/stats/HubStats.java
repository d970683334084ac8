package dev.herald.stats;

/**
 * Snapshot of this node's counters since its start. Public and private events are counted apart: without a grant, a
 * reader must not learn that private events exist. Immutable.
 *
 * @param open counters of public events
 * @param hidden counters of private events
 */
public record HubStats(EventStats open, EventStats hidden) {
    static final HubStats NONE = new HubStats(EventStats.NONE, EventStats.NONE);

    public EventStats all() {
        return open.plus(hidden);
    }

    public HubStats plus(HubStats other) {
        return new HubStats(open.plus(other.open), hidden.plus(other.hidden));
    }

    /** Difference to an earlier snapshot. */
    public HubStats since(HubStats earlier) {
        return new HubStats(open.minus(earlier.open), hidden.minus(earlier.hidden));
    }
}
