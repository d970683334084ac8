package dev.herald.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * First 128 bits of a SHA-256 digest, which identify the digested fields. Comparable, so that hash tables stay fast
 * when an attacker chooses inputs.
 */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {
    /** Length in bytes. */
    public static final int BYTES = 2 * Long.BYTES;

    /** The fingerprint that {@link #toBytes} wrote. */
    public static Fingerprint of(byte[] bytes) {
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new Fingerprint(halves.getLong(), halves.getLong());
    }

    /** Both halves, in {@value #BYTES} bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(Fingerprint other) {
        int order = Long.compare(high, other.high);
        return order == 0 ? Long.compare(low, other.low) : order;
    }

    /**
     * Builder of fingerprints, one after the other. Each text is preceded by its length, so that different sequences of
     * fields have different digests. Not thread-safe.
     */
    public static final class Builder {
        private final MessageDigest digest;
        private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

        public Builder() {
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256.", e);
            }
        }

        /** Adds a text. Costs O(length). */
        public Builder add(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            add(utf8.length);
            digest.update(utf8);
            return this;
        }

        /** Adds a number. */
        public Builder add(long value) {
            digest.update(number.putLong(0, value).array());
            return this;
        }

        /** The fingerprint of all that was added; the builder is empty afterwards. */
        public Fingerprint build() {
            return Fingerprint.of(digest.digest());
        }
    }
}
