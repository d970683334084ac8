package dev.herald.connection;

/** A request that HTTP does not allow, or whose end is not certain. Its connection must be closed. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Nothing in the request can be trusted, so there is nothing to be found by a stack. */
    private static final boolean NO_STACK = false;

    private final int status;

    InvalidRequestException(int status, String message) {
        super(message, null, false, NO_STACK);
        this.status = status;
    }

    static InvalidRequestException badRequest(String message) {
        return new InvalidRequestException(400, message);
    }

    /** HTTP status of the answer: 400, 501 or 505. */
    public int status() {
        return status;
    }
}
