package dev.herald.auth;

/**
 * A token that cannot be verified at the moment and may be valid: 503, a retry helps. The message is for the sender.
 */
public final class VerificationUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VerificationUnavailableException(String message) {
        super(message, null, false, false);
    }
}
