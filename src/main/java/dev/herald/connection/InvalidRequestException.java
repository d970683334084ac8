package dev.herald.connection;

/** Request that is not valid HTTP, too long, or whose end is ambiguous. A connection over HTTP/1 must be closed. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The cause is the client's input, for which a stack trace has no use. */
    private static final boolean NO_STACK = false;

    private final int status;

    InvalidRequestException(int status, String message) {
        super(message, null, false, NO_STACK);
        this.status = status;
    }

    static InvalidRequestException badRequest(String message) {
        return new InvalidRequestException(400, message);
    }

    /** HTTP status of the response: 400, 414, 431, 501 or 505. */
    public int status() {
        return status;
    }
}
