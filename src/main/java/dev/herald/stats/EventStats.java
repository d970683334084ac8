package dev.herald.stats;

/**
 * How much has happened, of events of one kind. Immutable.
 *
 * @param accepted updates that the log took on this node
 * @param delivered events handed to a socket, once for each stream
 * @param latencies from acceptance to the socket, of each event that came live to a lane's streams
 */
public record EventStats(long accepted, long delivered, LatencyHistogram latencies) {
    static final EventStats NONE = new EventStats(0, 0, new LatencyHistogram());

    /** Updates that were accepted, and nothing else. */
    public static EventStats accepted(long updates) {
        return new EventStats(updates, 0, new LatencyHistogram());
    }

    /** Half of what came live took no longer, in microseconds; 0 if nothing came. */
    public long medianMicros() {
        return latencies.quantile(0.5);
    }

    /** All but one in a hundred took no longer, in microseconds; 0 if nothing came. */
    public long p99Micros() {
        return latencies.quantile(0.99);
    }

    /** Both together. */
    public EventStats plus(EventStats other) {
        return new EventStats(accepted + other.accepted, delivered + other.delivered, latencies.plus(other.latencies));
    }

    /** What has happened since {@code earlier}. */
    public EventStats minus(EventStats earlier) {
        return new EventStats(
                accepted - earlier.accepted, delivered - earlier.delivered, latencies.minus(earlier.latencies));
    }
}
