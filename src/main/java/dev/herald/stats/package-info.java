/**
 * Counters of this node, and a histogram of the latency from acceptance to the socket. May know {@code event} only.
 * Each counter belongs to the part that counts; figures and metrics read it. Public and private events are counted
 * apart, since only readers with a grant may learn that private ones exist.
 *
 * <p>Start with {@link dev.herald.stats.LaneStats}, which counts, and {@link dev.herald.stats.HubStats}, an immutable
 * snapshot.
 */
package dev.herald.stats;
