/**
 * Directory of this node's open streams, for administration: pages of them, and their end. May know {@code hub},
 * {@code identity} and topics. Streams are entered only on a hub that can be administered.
 *
 * <p>Invariants: reading it takes no lock. It takes no time of an event loop, except for the progress of the streams of
 * one page. The ids of streams rise, so that a page continues after the last one of the page before.
 *
 * <p>Start with {@link dev.herald.roster.Roster}.
 */
package dev.herald.roster;
