package dev.herald.log;

/** There is no space left where the log lives. Nothing was kept; a retry helps once somebody has made space. */
public final class LogStorageFullException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public LogStorageFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
