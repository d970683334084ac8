package dev.herald.event;

/**
 * Key that a publisher gives to updates, so that it can send them again without publishing them twice (PROTOCOL Q15).
 *
 * @param name stands for the publisher in its first half, and for publisher and key in its second; see {@link #name}
 * @param content fingerprint of the updates; it differs if the publisher uses the key again for others
 */
public record IdempotencyKey(Fingerprint name, Fingerprint content) {

    /**
     * Name of a key. The keys of one publisher have the same first half, so that they can be counted. With 64 bits for
     * the key, a publisher that chooses colliding keys affects only itself.
     *
     * @param publisher fingerprint of the publisher
     * @param key as the publisher has sent it
     */
    public static Fingerprint name(Fingerprint publisher, String key) {
        Fingerprint both = new Fingerprint.Builder()
                .add(publisher.high())
                .add(publisher.low())
                .add(key)
                .build();
        return new Fingerprint(publisher.high(), both.low());
    }
}
