package dev.herald.stats;

/**
 * Counters of events of one kind. Immutable.
 *
 * @param accepted updates that the log accepted on this node
 * @param delivered events written to a socket, once for each stream
 * @param latencies from acceptance to the socket, of each event delivered live to a lane's streams
 */
public record EventStats(long accepted, long delivered, LatencyHistogram latencies) {
    static final EventStats NONE = new EventStats(0, 0, new LatencyHistogram());

    /** Accepted updates without deliveries. */
    public static EventStats accepted(long updates) {
        return new EventStats(updates, 0, new LatencyHistogram());
    }

    /** Median latency of live events, in microseconds; 0 without any. */
    public long medianMicros() {
        return latencies.quantile(0.5);
    }

    /** 99th percentile of the latency of live events, in microseconds; 0 without any. */
    public long p99Micros() {
        return latencies.quantile(0.99);
    }

    public EventStats plus(EventStats other) {
        return new EventStats(accepted + other.accepted, delivered + other.delivered, latencies.plus(other.latencies));
    }

    /** Difference to an earlier snapshot. */
    public EventStats minus(EventStats earlier) {
        return new EventStats(
                accepted - earlier.accepted, delivered - earlier.delivered, latencies.minus(earlier.latencies));
    }
}
