package dev.herald.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Identity of a token, by which its streams are ended and by which it is revoked. Not secret: a token cannot be made
 * from it. Immutable.
 *
 * @param fingerprint of the token; empty for anonymous clients
 * @param id {@code jti} of the token (RFC 7519 §4.1.7)
 * @param subject {@code sub} of the token (RFC 7519 §4.1.2)
 */
public record TokenIdentity(Optional<String> fingerprint, Optional<String> id, Optional<String> subject) {
    /** Identity of a client without a token. */
    public static final TokenIdentity ANONYMOUS =
            new TokenIdentity(Optional.empty(), Optional.empty(), Optional.empty());

    /** Length of a fingerprint, in characters. */
    public static final int FINGERPRINT_LENGTH = 64;

    private static final long OBJECT_BYTES = 150;

    /**
     * Fingerprint of a token: SHA-256 of its text up to the last dot, in lower-case hexadecimal. This is what the
     * signature covers (RFC 7515 §5.2). It does not include the signature, of which the bearer of an ECDSA token can make
     * another valid one.
     */
    public static String fingerprint(String token) {
        String signed = token.substring(0, Math.max(0, token.lastIndexOf('.')));
        return sha256(signed);
    }

    /** SHA-256 of a text in UTF-8, in lower-case hexadecimal. */
    public static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }

    /** Estimated heap bytes. */
    public long heapBytes() {
        return OBJECT_BYTES
                + fingerprint.map(String::length).orElse(0)
                + 2L * id.map(String::length).orElse(0)
                + 2L * subject.map(String::length).orElse(0);
    }
}
