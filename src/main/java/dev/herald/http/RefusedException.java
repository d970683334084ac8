package dev.herald.http;

/** A request that is refused for a reason the client can do something about. Becomes a {@link Problem}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    /** @param detail what is wrong with this request, and what would be right: a sentence for the person who sent it */
    public RefusedException(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    ProblemType type() {
        return type;
    }
}
