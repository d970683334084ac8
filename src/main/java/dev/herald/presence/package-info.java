/**
 * Active subscriptions of this node (PROTOCOL M40–M43), and the updates that report their changes. May know the port of
 * {@code hub} that it implements, {@code log}'s errors, {@code event}, {@code selector}, {@code memory} and
 * {@code logging}.
 *
 * <p>Start with {@link dev.herald.presence.ActiveSubscriptions}; {@link dev.herald.presence.SubscriptionEvents}
 * publishes its changes.
 */
package dev.herald.presence;
