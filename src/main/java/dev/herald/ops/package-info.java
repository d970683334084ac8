/**
 * Health checks for operators and orchestrators. Depends on {@code log} and {@code hub}. Read-only; shows no data,
 * token or private topic.
 */
package dev.herald.ops;
