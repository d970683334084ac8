package dev.herald.bench;

/**
 * What came of a {@link LoadPlan}. Nothing was lost, doubled or reordered, or there is none.
 *
 * @param deliveries messages that reached a subscriber, counted from when the measuring began
 * @param seconds from then to the last delivery
 * @param answered posts that were answered while it was measured
 * @param publishSeconds how long that took
 * @param serverMicros time of the server on the processor from then to the last delivery
 * @param loadShare the load generator's own time on the processor, as a share of the time
 * @param p50 milliseconds from when a message was to be published to its arrival; of half of the deliveries at most
 * @param p99 the same, of 99 in 100
 * @param churned connections that came and went
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

    /** Time of the server on the processor, in µs. */
    double microsADelivery() {
        return serverMicros / deliveries;
    }

    double deliveriesASecond() {
        return deliveries / seconds;
    }

    /** From one answer to the next, in µs. */
    double microsAPost() {
        return publishSeconds * 1e6 / answered;
    }
}
