package dev.herald.auth;

/** Missing token where one is required: 401. The message is for the caller. */
public final class MissingTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingTokenException(String message) {
        super(message, null, false, false);
    }
}
