package dev.herald.identity;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Revocation of a token, or of all tokens of a subject. Immutable.
 *
 * @param target what is revoked
 * @param since when it was revoked
 * @param until when it ends, exclusive: the revoked tokens have expired by then
 */
public record Revocation(Target target, Instant since, Instant until) {

    /** Kind of a {@link Target}. The order is part of the file format. */
    public enum Kind {
        /** A token, by its {@link TokenIdentity#fingerprint}. */
        TOKEN,
        /** All tokens with this {@code jti}. */
        JTI,
        /** All tokens with this {@code sub}. */
        SUBJECT;

        /** The part of an identity that a target of this kind names. */
        public Optional<String> of(TokenIdentity identity) {
            return switch (this) {
                case TOKEN -> identity.fingerprint();
                case JTI -> identity.id();
                case SUBJECT -> identity.subject();
            };
        }
    }

    /**
     * Token, or set of tokens.
     *
     * @param value fingerprint, {@code jti} or {@code sub}; 1 to {@value #MAX_BYTES} bytes in UTF-8
     */
    public record Target(Kind kind, String value) {
        /** Longest value, in bytes, inclusive. */
        public static final int MAX_BYTES = 1_024;

        public Target {
            if (!fits(value)) {
                throw new IllegalArgumentException("The value of a target has 1 to " + MAX_BYTES + " bytes.");
            }
        }

        /** Whether a text has a length that is allowed. A token with another one cannot be revoked by it. */
        public static boolean fits(String value) {
            return !value.isEmpty()
                    && value.length() <= MAX_BYTES
                    && value.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
        }

        /** Whether it includes the token with this identity. */
        public boolean includes(TokenIdentity identity) {
            return kind.of(identity).filter(value::equals).isPresent();
        }
    }

    /** Whether it is in force. */
    public boolean inForce(Instant now) {
        return now.isBefore(until);
    }
}
