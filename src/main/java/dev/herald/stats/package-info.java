/**
 * Counters of this node: events accepted and delivered, and a histogram of the latency between. May know {@code event}
 * only. Public and private events are counted apart, since only readers with a grant may learn that private ones exist.
 *
 * <p>Start with {@link dev.herald.stats.HubStats}, an immutable snapshot; {@link dev.herald.stats.LaneStats} counts.
 */
package dev.herald.stats;
