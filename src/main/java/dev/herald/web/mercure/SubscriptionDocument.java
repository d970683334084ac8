package dev.herald.web.mercure;

/**
 * Document about active subscriptions.
 *
 * @param json UTF-8; must not be modified
 * @param tag version, see {@link EntityTag}
 * @param memory heap that the document occupies
 */
record SubscriptionDocument(byte[] json, String tag, DocumentMemory memory) {}
