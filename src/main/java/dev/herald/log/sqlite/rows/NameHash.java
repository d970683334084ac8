package dev.herald.log.sqlite.rows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import dev.herald.event.EventId;
import dev.herald.event.Topic;

/**
 * Hashes that stand for names in the table. They are SHA-256, so that names with the same hash cannot be found on
 * purpose. Stateless.
 */
public final class NameHash {
    private static final int ID_BYTES = 20;

    private NameHash() {}

    /**
     * Hash of a topic in the index: 8 bytes, whatever the length of its name. If two topics share a hash, their readers
     * also read and discard each other's rows.
     */
    public static long ofTopic(Topic topic) {
        return ByteBuffer.wrap(sha256(topic.name())).getLong();
    }

    /** Id of the placeholder of a purged public event that had this id. */
    static byte[] ofId(EventId id) {
        return Arrays.copyOf(sha256(id.value()), ID_BYTES);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
