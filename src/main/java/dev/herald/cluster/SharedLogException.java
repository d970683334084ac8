package dev.herald.cluster;

import dev.herald.log.EventLogException;

/** Failure of an operation on a shared log. The message is a sentence for the operator. */
public final class SharedLogException extends EventLogException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What the caller may do. */
    public enum Kind {
        /** The connection failed: connect again. What was under way may have been done or not. */
        LOST,
        /** The log rejected the operation, and nothing was done. A retry may help. */
        REJECTED,
        /** A person must act: no retry helps. */
        REFUSED
    }

    public SharedLogException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Failure that only a person can mend. */
    public static SharedLogException refused(String message) {
        return new SharedLogException(Kind.REFUSED, message, null);
    }

    /** Whether the session is of no use any more, and the operation may have been done or not. */
    public boolean lost() {
        return kind == Kind.LOST;
    }

    /** Whether only a person can mend it. */
    public boolean refused() {
        return kind == Kind.REFUSED;
    }
}
