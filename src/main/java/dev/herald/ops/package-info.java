/**
 * What an operator looks at: probes. Reads from {@code log} and {@code hub}, changes nothing, and shows no data, token or
 * private topic.
 */
package dev.herald.ops;
