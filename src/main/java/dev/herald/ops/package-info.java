/**
 * Health checks for operators and orchestrators; metrics are in {@code ops.metrics}. Depends on {@code log},
 * {@code hub} and {@code connection}. Read-only; shows no data, token or private topic.
 */
package dev.herald.ops;
