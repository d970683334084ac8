package dev.herald.log;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.OptionalLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import dev.herald.event.EventId;

/**
 * Turns positions of one log into cursors that clients carry (PROTOCOL E11), and back. A cursor is sealed with
 * AES-128-GCM under a key that belongs to the log, with a random nonce: two cursors of one position differ, so that
 * nobody can tell from cursors whether something happened that they may not see, and a cursor of another log or of
 * nobody's making does not open.
 *
 * <p>Safe for use by several threads. Sealing costs about a microsecond.
 */
public final class CursorSeal {
    /** Length of a key, in bytes. */
    public static final int KEY_BYTES = 16;

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    /** What the sealed number means ({@link Position}): a cursor of another meaning does not open. */
    private static final byte[] MEANING = {2};

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SEALED_BYTES = NONCE_BYTES + Long.BYTES + TAG_BITS / Byte.SIZE;

    private final SecretKey key;
    private final TransientIds transientIds;
    private final SecureRandom random = new SecureRandom();

    /** @param key {@value #KEY_BYTES} random bytes, made together with the log and kept as long as it */
    public CursorSeal(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("A key has " + KEY_BYTES + " bytes, not " + key.length + ".");
        }
        this.key = new SecretKeySpec(key, "AES");
        this.transientIds = new TransientIds(key);
    }

    /** A seal for a log that begins now. */
    public static CursorSeal random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new CursorSeal(key);
    }

    /** A cursor of the position: {@code #} and 48 characters of base64url. */
    public String seal(long position) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] plain = ByteBuffer.allocate(Long.BYTES).putLong(position).array();
        byte[] sealed = ByteBuffer.allocate(SEALED_BYTES)
                .put(nonce)
                .put(crypt(Cipher.ENCRYPT_MODE, nonce, plain))
                .array();
        return EventId.CURSOR_MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /** The position, if {@code cursor} was sealed with this key. */
    public OptionalLong open(String cursor) {
        if (cursor.isEmpty() || cursor.charAt(0) != EventId.CURSOR_MARK) {
            return OptionalLong.empty();
        }
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(cursor.substring(1));
        } catch (IllegalArgumentException notBase64) {
            return OptionalLong.empty();
        }
        if (sealed.length != SEALED_BYTES) {
            return OptionalLong.empty();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] box = new byte[SEALED_BYTES - NONCE_BYTES];
        ByteBuffer.wrap(sealed).get(nonce).get(box);
        byte[] plain = crypt(Cipher.DECRYPT_MODE, nonce, box);
        return plain.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(ByteBuffer.wrap(plain).getLong());
    }

    /** An id for the transient event at the position, from which {@link #position} finds the position again. */
    EventId transientId(long position, Instant acceptedAt) {
        return transientIds.id(position, acceptedAt);
    }

    /** The position of a transient event, if its id was made with this key; the event itself may be gone. */
    public OptionalLong position(EventId id) {
        return transientIds.position(id);
    }

    /** The other side of {@code input}; nothing if it was to be opened and is not genuine. */
    private byte[] crypt(int mode, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(MEANING);
            return cipher.doFinal(input);
        } catch (AEADBadTagException forged) {
            return new byte[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + TRANSFORMATION + ".", e);
        }
    }
}
