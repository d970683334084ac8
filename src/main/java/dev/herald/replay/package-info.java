/**
 * Reading of past events, page by page: for streams that catch up, and for history. May know {@code event},
 * {@code frames}, {@code selector}, {@code log}, {@code stats}, {@code memory} and {@code logging}.
 *
 * <p>Invariants: pages in flight are bounded by number and by heap bytes, however many read. Each step of a selection
 * has a bounded cost, and expensive selectors delay only each other.
 *
 * <p>Start with {@link dev.herald.replay.EventScan}, which reads a range of the log for one client; streams read through
 * {@code hub.CatchUp}. Both share the {@link dev.herald.replay.PageReader} and the {@link dev.herald.replay.Matcher}.
 */
package dev.herald.replay;
