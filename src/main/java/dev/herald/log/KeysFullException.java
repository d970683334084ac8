package dev.herald.log;

/** The log keeps as many idempotency keys as it may. Nothing was stored; a retry helps once keys have expired. */
public final class KeysFullException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public KeysFullException() {
        super("The log keeps as many idempotency keys as it may.");
    }
}
