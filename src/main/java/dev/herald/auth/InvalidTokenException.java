package dev.herald.auth;

import dev.herald.stats.TokenRejection;

/**
 * Invalid token: 401, even where anonymous access is allowed (PROTOCOL M22). The message is for the sender; it contains
 * neither the token nor a key.
 */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final TokenRejection reason;

    InvalidTokenException(TokenRejection reason, String message) {
        // An expected rejection: a stack trace would cost more than the verification and has no use.
        super(message, null, false, false);
        this.reason = reason;
    }

    TokenRejection reason() {
        return reason;
    }
}
