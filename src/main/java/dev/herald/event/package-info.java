/**
 * The words of the domain: what is published, what the log accepted, and how both are named.
 *
 * <p>Everything here is immutable and valid by construction: input is parsed into these types at the edge, and nothing
 * further in checks it again. No framework and no Netty: an event knows its bytes on the wire, not who carries them.
 *
 * <p>Start with {@link dev.herald.event.Update} (what a publisher sent) and {@link dev.herald.event.Event} (what the
 * log made of it); {@link dev.herald.event.Frame} is the event stream format of HTML §9.2. What is subscribed to is a
 * {@link dev.herald.event.TopicSelector}; the URI Templates among them (RFC 6570) are {@code UriTemplate}s, which ask a
 * topic at all of its places at once: {@code Expression} over {@code Places} in a {@code UriText}.
 */
package dev.herald.event;
