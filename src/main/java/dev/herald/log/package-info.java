/**
 * Ordered log of all updates: its port, errors and configuration, and what all logs share. May know {@code event},
 * {@code selector}, {@code identity}, {@code stats}, {@code settings}, {@code memory} and {@code logging}.
 *
 * <p>Invariants: positions strictly rise in the order in which updates are acknowledged. An event is announced only
 * once it is as durable as configured and {@link dev.herald.log.RecentEvents} has it. One thread announces.
 *
 * <p>Start with {@link dev.herald.log.EventLog}, the port, then {@link dev.herald.log.RecentEvents}.
 * {@link dev.herald.log.Cursors} are the positions that clients see, {@link dev.herald.log.Generations} decide which of
 * them are still valid after a restart.
 */
package dev.herald.log;
