/**
 * Logs that one node orders: the appender with group commit, which all of them use, and the log in memory. May know
 * {@code log} and its dependencies.
 *
 * <p>Invariants: one thread assigns positions, stores batches and announces them; waiting updates are bounded in bytes.
 *
 * <p>Start with {@link dev.herald.log.local.Appender}, then {@link dev.herald.log.local.MemoryEventLog}, its simplest
 * user.
 */
package dev.herald.log.local;
