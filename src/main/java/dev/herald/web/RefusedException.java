package dev.herald.web;

import dev.herald.auth.Grants;

/** A request that is refused for a reason the client can do something about. Becomes a {@link Problem}. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    /** @param detail what is wrong with this request, and what would be right: a sentence for the person who sent it */
    RefusedException(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    /**
     * Refusal of a caller whose grants do not cover a path: 401 without a token, since one may help, else 403 (RFC 6750
     * §3.1).
     */
    static RefusedException notCovered(Grants grants, String path) {
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
