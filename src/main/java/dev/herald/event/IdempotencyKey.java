package dev.herald.event;

/**
 * Key that a publisher gives to updates, so that it can send them again without publishing them twice (PROTOCOL Q15).
 *
 * @param name fingerprint of the publisher and of the key that it has chosen
 * @param content fingerprint of the updates; it differs if the publisher uses the key again for others
 */
public record IdempotencyKey(Fingerprint name, Fingerprint content) {}
