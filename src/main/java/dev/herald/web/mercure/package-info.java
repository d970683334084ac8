/**
 * The Mercure protocol (PROTOCOL M1–M50): publishing, subscribing, and the documents of active subscriptions. May
 * depend on {@code web}, {@code presence} and the packages below them.
 *
 * <p>Start with {@link dev.herald.web.mercure.MercureResource} and {@link dev.herald.web.mercure.MercureDialect}, then
 * {@link dev.herald.web.mercure.SubscriptionsResource}.
 */
package dev.herald.web.mercure;
