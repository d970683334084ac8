/**
 * Health checks for operators and orchestrators. May know everything but {@code web}; changes nothing, and shows no data, token or
 * private topic.
 */
package dev.herald.ops;
