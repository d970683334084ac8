package dev.herald.web.mercure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

import dev.herald.presence.ActiveSubscription;

/**
 * Entity tag of a document about active subscriptions (RFC 9110 §8.8.3, PROTOCOL M41): a hash of the subscriptions
 * shown. The last event's id is left out, since it would reveal events that the caller may not read.
 */
final class EntityTag {
    private static final int BYTES = 16;

    private EntityTag() {}

    static String of(List<ActiveSubscription> shown) {
        MessageDigest digest = sha256();
        ByteBuffer subscriber = ByteBuffer.allocate(2 * Long.BYTES);
        for (ActiveSubscription subscription : shown) {
            UUID name = subscription.subscriber();
            subscriber.clear().putLong(name.getMostSignificantBits()).putLong(name.getLeastSignificantBits());
            digest.update(subscriber.flip());
            digest.update(field(subscription.selector()));
            digest.update(field(subscription.payload().orElse("")));
        }
        byte[] version = Arrays.copyOf(digest.digest(), BYTES);
        return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(version) + '"';
    }

    /** Prefixes the length, so that different lists never have equal bytes. */
    private static byte[] field(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
