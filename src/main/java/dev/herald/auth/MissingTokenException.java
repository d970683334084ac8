package dev.herald.auth;

/** A caller without a token where one is needed: 401. The message is a sentence for the person who called. */
public final class MissingTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingTokenException(String message) {
        super(message, null, false, false);
    }
}
