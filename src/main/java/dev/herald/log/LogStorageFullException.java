package dev.herald.log;

/** The log's storage is full. Nothing was stored; a retry helps once space has been freed. */
public final class LogStorageFullException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public LogStorageFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
