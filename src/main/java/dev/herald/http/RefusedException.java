package dev.herald.http;

/** Rejection of a request for a reason that the client can fix. Mapped to a {@link Problem}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    /** @param detail what is wrong with this request, and what is valid: a sentence for the person who sent it */
    public RefusedException(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    ProblemType type() {
        return type;
    }
}
