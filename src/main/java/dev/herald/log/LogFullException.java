package dev.herald.log;

/** The queue of updates that wait for the log is full. Nothing was stored; a retry helps. */
public final class LogFullException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public LogFullException() {
        super("The queue of updates for the log is full.");
    }
}
