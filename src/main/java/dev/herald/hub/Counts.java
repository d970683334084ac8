package dev.herald.hub;

/**
 * How much has happened, of events of one kind. Immutable.
 *
 * @param accepted updates that the log took on this node
 * @param delivered events handed to a socket, once for each stream
 * @param latencies from acceptance to the socket, of each event that came live to a lane's streams
 */
public record Counts(long accepted, long delivered, Latencies latencies) {
    static final Counts NONE = new Counts(0, 0, new Latencies());

    /** Half of what came live took no longer, in microseconds; 0 if nothing came. */
    public long medianMicros() {
        return latencies.quantile(0.5);
    }

    /** All but one in a hundred took no longer, in microseconds; 0 if nothing came. */
    public long p99Micros() {
        return latencies.quantile(0.99);
    }

    /** Both together. */
    public Counts plus(Counts other) {
        return new Counts(accepted + other.accepted, delivered + other.delivered, latencies.plus(other.latencies));
    }

    /** What has happened since {@code earlier}. */
    public Counts minus(Counts earlier) {
        return new Counts(
                accepted - earlier.accepted, delivered - earlier.delivered, latencies.minus(earlier.latencies));
    }
}
