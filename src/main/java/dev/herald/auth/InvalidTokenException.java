package dev.herald.auth;

/**
 * A token that does not count: 401, even where a caller without a token is let in (PROTOCOL M22). The message is a sentence
 * for the person who sent it; it holds neither the token nor the key.
 */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidTokenException(String message) {
        // An answer to a stranger, not a bug: its stack would cost more than the check and tell nothing.
        super(message, null, false, false);
    }
}
