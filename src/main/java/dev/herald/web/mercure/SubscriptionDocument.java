package dev.herald.web.mercure;

/**
 * What is told of active subscriptions.
 *
 * @param json UTF-8; not to be changed
 * @param tag its version, see {@link EntityTag}
 * @param memory what it occupies
 */
record SubscriptionDocument(byte[] json, String tag, DocumentMemory memory) {}
