package dev.herald.stats;

/**
 * Snapshot of this node's counters since its start. Public and private events are counted apart: without a grant, a
 * reader must not learn that private events exist. Immutable.
 *
 * @param publicEvents counters of public events
 * @param privateEvents counters of private events
 */
public record HubStats(EventStats publicEvents, EventStats privateEvents) {
    static final HubStats NONE = new HubStats(EventStats.NONE, EventStats.NONE);

    public EventStats all() {
        return publicEvents.plus(privateEvents);
    }

    public HubStats plus(HubStats other) {
        return new HubStats(publicEvents.plus(other.publicEvents), privateEvents.plus(other.privateEvents));
    }

    /** Difference to an earlier snapshot. */
    public HubStats since(HubStats earlier) {
        return new HubStats(publicEvents.minus(earlier.publicEvents), privateEvents.minus(earlier.privateEvents));
    }
}
