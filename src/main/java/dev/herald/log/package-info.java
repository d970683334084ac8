/**
 * The ordered log that every update goes through: the port, its errors, its configuration, and what all its
 * implementations share.
 *
 * <p>Invariants: positions strictly rise in the order in which updates are answered; an event is announced only once it
 * is as durable as configured and {@link dev.herald.log.RecentEvents} has it; one thread announces.
 *
 * <p>Start with {@link dev.herald.log.EventLog}, then {@link dev.herald.log.MemoryEventLog}, the simplest of them.
 */
package dev.herald.log;
