/**
 * Health checks for operators and orchestrators. May depend on every package but {@code web}. Read-only; shows no data,
 * token or private topic.
 */
package dev.herald.ops;
