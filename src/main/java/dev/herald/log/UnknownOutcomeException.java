package dev.herald.log;

/**
 * Failure to learn whether updates are stored: they may be in the log or not. A retry is safe with an idempotency key only;
 * without one, they may be stored twice.
 */
public final class UnknownOutcomeException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public UnknownOutcomeException(String message) {
        super(message);
    }

    public UnknownOutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
