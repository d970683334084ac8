package dev.herald.log;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import dev.herald.event.EventId;

/**
 * Encrypted ids of transient events, which encode their position: such events are evicted with the recent events, yet
 * clients resume from their ids. An id is a UUIDv7 (RFC 9562 §5.7) with 74 encrypted bits. 24 are bits of the
 * generation's id, and 40 the offset of the last kept event in its generation. 10 are the low bits of the distance from
 * there.
 *
 * <p>The cipher is a Feistel network of {@value #ROUNDS} rounds of AES under a key of the log, with the id's time as
 * tweak. So ids do not repeat, and look random without the key.
 *
 * <p>Immutable and thread-safe. An id costs some microseconds.
 */
final class TransientIds {
    private static final String PREFIX = "urn:uuid:";
    private static final byte[] PURPOSE = {'t', 'r', 'a', 'n', 's', 'i', 'e', 'n', 't'};
    private static final int VERSION = 7;
    private static final int VARIANT = 2;

    /** A random id matches a generation once in 2^24, and its offset must also lie in that generation. */
    private static final int GENERATION_BITS = 24;

    private static final int OFFSET_BITS = 40;
    private static final int DISTANCE_BITS = 10;

    /** As in FF1 (NIST SP 800-38G), which has this structure. */
    private static final int ROUNDS = 10;

    private static final int HALF_BITS = 37;
    private static final long HALF = (1L << HALF_BITS) - 1;
    private static final int LOW_OFFSET_BITS = HALF_BITS - DISTANCE_BITS;
    private static final long LOW_OFFSET = (1L << LOW_OFFSET_BITS) - 1;

    private static final int RANDOM_A_BITS = 12;
    private static final long RANDOM_A = (1L << RANDOM_A_BITS) - 1;
    private static final int RANDOM_B_BITS = 62;
    private static final long RANDOM_B = (1L << RANDOM_B_BITS) - 1;

    private final SecretKey key;

    /** @param logKey key from which another key is derived */
    TransientIds(byte[] logKey) {
        this.key = derived(logKey);
    }

    private static SecretKey derived(byte[] logKey) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(logKey, "HmacSHA256"));
            return new SecretKeySpec(mac.doFinal(PURPOSE), 0, CursorSeal.KEY_BYTES, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
        }
    }

    /** Bits of a generation's id that ids contain. */
    static int tag(long generation) {
        return (int) generation & (1 << GENERATION_BITS) - 1;
    }

    /**
     * Encodes the id of a transient event.
     *
     * @param generation id of the running generation
     * @param offset of the last kept event before it, from the generation's start
     * @param distance from that event to this one
     * @return empty if the offset is too large: a generation of a million million events
     */
    Optional<EventId> id(long generation, long offset, long distance, Instant acceptedAt) {
        if (offset >>> OFFSET_BITS != 0) {
            return Optional.empty();
        }
        long millis = acceptedAt.toEpochMilli() & (-1L >>> 16);
        Halves sealed = new Halves(
                        (long) tag(generation) << HALF_BITS - GENERATION_BITS | offset >>> LOW_OFFSET_BITS,
                        (offset & LOW_OFFSET) << DISTANCE_BITS | distance & (1L << DISTANCE_BITS) - 1)
                .encrypted(millis);
        long randomA = sealed.left >>> HALF_BITS - RANDOM_A_BITS;
        long randomB = (sealed.left << HALF_BITS | sealed.right) & RANDOM_B;
        return Optional.of(new EventId(PREFIX
                + new UUID(
                        millis << 16 | (long) VERSION << RANDOM_A_BITS | randomA,
                        (long) VARIANT << RANDOM_B_BITS | randomB)));
    }

    /** Decodes an id, if it is a UUIDv7. It is the log's own only if a generation has its tag. */
    Optional<Mark> open(EventId id) {
        UUID uuid;
        try {
            uuid = id.value().startsWith(PREFIX) ? UUID.fromString(id.value().substring(PREFIX.length())) : null;
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
        if (uuid == null || uuid.version() != VERSION || uuid.variant() != VARIANT) {
            return Optional.empty();
        }
        long randomA = uuid.getMostSignificantBits() & RANDOM_A;
        long randomB = uuid.getLeastSignificantBits() & RANDOM_B;
        long left = randomA << HALF_BITS - RANDOM_A_BITS | randomB >>> HALF_BITS;
        Halves open = new Halves(left, randomB & HALF).decrypted(uuid.getMostSignificantBits() >>> 16);
        long highOffset = open.left & (1L << HALF_BITS - GENERATION_BITS) - 1;
        return Optional.of(new Mark(
                (int) (open.left >>> HALF_BITS - GENERATION_BITS),
                highOffset << LOW_OFFSET_BITS | open.right >>> DISTANCE_BITS));
    }

    private Cipher cipher() {
        try {
            // Single blocks, each an input of a pseudorandom function, need no mode.
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES.", e);
        }
    }

    /**
     * Content of an id.
     *
     * @param tag {@link #tag} of the generation
     * @param offset of the last kept event before the transient one
     */
    record Mark(int tag, long offset) {}

    /** 74 bits, in two halves of {@value #HALF_BITS}. */
    private final class Halves {
        private long left;
        private long right;

        Halves(long left, long right) {
            this.left = left;
            this.right = right;
        }

        Halves encrypted(long tweak) {
            Cipher cipher = cipher();
            for (int round = 0; round < ROUNDS; round++) {
                long mixed = left ^ mask(cipher, round, tweak, right);
                left = right;
                right = mixed;
            }
            return this;
        }

        Halves decrypted(long tweak) {
            Cipher cipher = cipher();
            for (int round = ROUNDS - 1; round >= 0; round--) {
                long mixed = right ^ mask(cipher, round, tweak, left);
                right = left;
                left = mixed;
            }
            return this;
        }

        private static long mask(Cipher cipher, int round, long tweak, long half) {
            byte[] block = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(tweak)
                    .putLong((long) round << HALF_BITS | half)
                    .array();
            try {
                return ByteBuffer.wrap(cipher.doFinal(block)).getLong() & HALF;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("A whole block can be encrypted.", e);
            }
        }
    }
}
