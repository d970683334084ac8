package dev.herald.log;

/** The log is closed, since the hub stops. Nothing was stored; a retry helps on another node or after the restart. */
public final class LogClosedException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public LogClosedException() {
        super("The log is closed.");
    }
}
