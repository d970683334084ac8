package dev.herald.log;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import dev.herald.event.EventId;

/**
 * Encryption of cursors with AES-128-GCM under the log's key, with a random nonce. Two cursors of one position differ,
 * so cursors do not disclose events that a reader may not see. A forged cursor or one of another log does not open.
 *
 * <p>Thread-safe. Sealing costs about a microsecond.
 */
public final class CursorSeal {
    /** Length of a key, in bytes. */
    public static final int KEY_BYTES = 16;

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    /** Version of the sealed content: cursors of other versions do not open. */
    private static final byte[] VERSION = {3};

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SEALED_BYTES = NONCE_BYTES + 3 * Long.BYTES + TAG_BITS / Byte.SIZE;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    /**
     * One for each thread that seals, since looking one up costs more than sealing with it. Each use begins with init.
     */
    private final ThreadLocal<Cipher> ciphers = ThreadLocal.withInitial(CursorSeal::cipher);

    /** @param key {@value #KEY_BYTES} random bytes */
    CursorSeal(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("A key has " + KEY_BYTES + " bytes, not " + key.length + ".");
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Encrypts a mark. */
    String seal(Mark mark) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] plain = ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(mark.generation)
                .putLong(mark.position)
                .putLong(mark.kept)
                .array();
        byte[] sealed = ByteBuffer.allocate(SEALED_BYTES)
                .put(nonce)
                .put(crypt(Cipher.ENCRYPT_MODE, nonce, plain))
                .array();
        return encode(sealed);
    }

    private static String encode(byte[] sealed) {
        return EventId.CURSOR_MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /** Decrypts a cursor, if it was sealed with this key. */
    Optional<Mark> open(String cursor) {
        if (cursor.isEmpty() || cursor.charAt(0) != EventId.CURSOR_MARK) {
            return Optional.empty();
        }
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(cursor.substring(1));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        // The last character has unused bits: only the canonical encoding is valid.
        if (sealed.length != SEALED_BYTES || !encode(sealed).equals(cursor)) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] box = new byte[SEALED_BYTES - NONCE_BYTES];
        ByteBuffer.wrap(sealed).get(nonce).get(box);
        byte[] plain = crypt(Cipher.DECRYPT_MODE, nonce, box);
        if (plain.length == 0) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(plain);
        return Optional.of(new Mark(fields.getLong(), fields.getLong(), fields.getLong()));
    }

    /** Output of the cipher; empty if decryption fails authentication. */
    private byte[] crypt(int mode, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = ciphers.get();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(VERSION);
            return cipher.doFinal(input);
        } catch (AEADBadTagException forged) {
            return new byte[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM rejected a key and a nonce of the right length.", e);
        }
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + TRANSFORMATION + ".", e);
        }
    }

    /**
     * Content of a cursor.
     *
     * @param generation id of the generation that sealed it
     * @param position where reading resumes
     * @param kept at least the position of the last kept event up to {@code position}, and at most that of the last
     *     kept event when it was sealed
     */
    record Mark(long generation, long position, long kept) {}
}
