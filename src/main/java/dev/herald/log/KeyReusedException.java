package dev.herald.log;

/** The idempotency key was used for other updates. Nothing was stored; a retry does not help. */
public final class KeyReusedException extends EventLogException {
    private static final long serialVersionUID = 1L;

    public KeyReusedException() {
        super("The idempotency key was used for other updates.");
    }
}
