package dev.herald.auth;

/** A token cannot be checked at this moment, and may be good: 503, send it again. The message is a sentence for a person. */
public final class VerificationUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VerificationUnavailableException(String message) {
        super(message, null, false, false);
    }
}
