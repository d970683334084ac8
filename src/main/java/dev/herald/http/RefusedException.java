package dev.herald.http;

import dev.herald.auth.Grants;

/** Rejection of a request for a reason that the client can fix. Mapped to a {@link Problem}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    /** @param detail what is wrong with this request, and what is valid: a sentence for the person who sent it */
    public RefusedException(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    /**
     * Refusal of a caller whose grants do not cover a path: 401 without a token, since one may help, else 403 (RFC 6750
     * §3.1).
     */
    public static RefusedException notCovered(Grants grants, String path) {
        return grants.anonymous()
                ? new RefusedException(
                        ProblemType.MISSING_TOKEN,
                        "A token whose 'mercure.subscribe' covers '" + path + "' is required: send one.")
                : new RefusedException(
                        ProblemType.INSUFFICIENT_SCOPE,
                        "The token's 'mercure.subscribe' does not cover '" + path + "'.");
    }

    ProblemType type() {
        return type;
    }
}
