/**
 * Logs whose order is given by one node: the appender with group commit, which every such log uses, and the log in memory.
 * May know {@code log} and what that may know.
 *
 * <p>Invariants: one thread gives positions, stores batches and announces them; what waits for it is bounded in bytes.
 *
 * <p>Start with {@link dev.herald.log.local.Appender}, then {@link dev.herald.log.local.MemoryEventLog}, its simplest user.
 */
package dev.herald.log.local;
