/**
 * Values of the domain: what is published, what the log accepted, and how both are named. May know no other package and no
 * framework.
 *
 * <p>Everything here is immutable and valid by construction: input is parsed into these types at the edge, and no code behind
 * checks it again.
 *
 * <p>Start with {@link dev.herald.event.Update} (what a publisher sent) and {@link dev.herald.event.Event} (what the log made
 * of it); {@link dev.herald.event.Frame} is the encoding of an event as a block of an event stream (HTML §9.2).
 */
package dev.herald.event;
