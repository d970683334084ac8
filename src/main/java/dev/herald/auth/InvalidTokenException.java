package dev.herald.auth;

/**
 * Invalid token: 401, even where anonymous access is allowed (PROTOCOL M22). The message is for the sender; it contains
 * neither the token nor a key.
 */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidTokenException(String message) {
        // An expected rejection: a stack trace would cost more than the verification and has no use.
        super(message, null, false, false);
    }
}
