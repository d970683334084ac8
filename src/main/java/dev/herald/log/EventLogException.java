package dev.herald.log;

/** Failure of an operation on the log. The message is a sentence for the operator. */
public class EventLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EventLogException(String message) {
        super(message);
    }

    public EventLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
