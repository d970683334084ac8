/**
 * Metrics for Prometheus at {@code /q/metrics}. May depend on everything but {@code web}. All of them are views: a
 * scrape reads counters that the parts of the hub keep themselves, so that metrics cost nothing between two scrapes.
 *
 * <p>Invariants: the names are those of {@link dev.herald.ops.metrics.Metric} and no others. A label's values are a
 * closed set. No topic, id, token or address is in a name, label or help text.
 *
 * <p>Start with {@link dev.herald.ops.metrics.Metric}, then {@link dev.herald.ops.metrics.Views}.
 */
package dev.herald.ops.metrics;
