/**
 * Value types of the domain: updates, events, and their names. May know no other package and no framework.
 *
 * <p>Everything here is immutable and valid by construction: input is parsed into these types at the edge, and later
 * code does not check it again.
 *
 * <p>Start with {@link dev.herald.event.Update} (what a publisher sends) and {@link dev.herald.event.Event} (what the
 * log accepted). {@link dev.herald.event.Frame} is the encoding of an event as a block of an event stream (HTML §9.2).
 */
package dev.herald.event;
