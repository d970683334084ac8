package dev.herald.bench;

/**
 * Result of a {@link LoadPlan} without lost, duplicate or reordered messages; otherwise there is none.
 *
 * @param deliveries messages that reached a subscriber, counted from when the measuring began
 * @param seconds from then to the last delivery
 * @param answered posts that were answered while it was measured
 * @param publishSeconds how long that took
 * @param serverMicros CPU time of the server from then to the last delivery
 * @param loadShare the load generator's own CPU time, as a share of the time
 * @param p50 median of the milliseconds from a message's scheduled time to its arrival
 * @param p99 99th percentile of the same
 * @param churned connections opened and closed
 */
record LoadResult(
        long deliveries,
        double seconds,
        long answered,
        double publishSeconds,
        double serverMicros,
        double loadShare,
        double p50,
        double p99,
        long churned) {

    /** CPU time of the server, in µs. */
    double microsADelivery() {
        return serverMicros / deliveries;
    }

    double deliveriesASecond() {
        return deliveries / seconds;
    }

    /** Time from one response to the next, in µs. */
    double microsAPost() {
        return publishSeconds * 1e6 / answered;
    }
}
