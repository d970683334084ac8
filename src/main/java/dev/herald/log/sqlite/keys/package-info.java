/**
 * Idempotency keys in the file log (PROTOCOL Q15, decision 250): their table, and how long they are kept. They are
 * written in the transaction of their events, and are kept whether or not these are.
 *
 * <p>Start with {@link dev.herald.log.sqlite.keys.KeyRetention}.
 */
package dev.herald.log.sqlite.keys;
