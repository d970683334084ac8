package dev.herald.log;

/** Updates come faster than the log takes them, and as many wait as may. Nothing was kept; a retry helps. */
public final class LogFullException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public LogFullException() {
        super("As many updates wait for the log as may.");
    }
}
