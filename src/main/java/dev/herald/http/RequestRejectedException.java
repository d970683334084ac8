package dev.herald.http;

import java.util.List;
import java.util.stream.Collectors;

import dev.herald.auth.Grants;

/** Rejection of a request, with its problem type and detail. {@link Problems} maps it to a {@link Problem}. */
public final class RequestRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Longest quoted topic or path, in characters. */
    private static final int MAX_SUBJECT = 200;

    /** Longest quoted selector, in characters. */
    private static final int MAX_SELECTOR = 80;

    /** Most quoted selectors. */
    private static final int MAX_SELECTORS = 5;

    private static final int NO_INDEX = -1;

    private final ProblemType type;
    private final int index;

    /** @param detail what is wrong with this request, and what is valid: a sentence for the person who sent it */
    public RequestRejectedException(ProblemType type, String detail) {
        this(type, detail, NO_INDEX);
    }

    private RequestRejectedException(ProblemType type, String detail, int index) {
        super(detail, null, false, false);
        this.type = type;
        this.index = index;
    }

    /** This rejection, of one update in a request with several. */
    public RequestRejectedException at(int update) {
        return ofUpdate(type, getMessage(), update);
    }

    /**
     * Rejection of one update in a request with several.
     *
     * @param index its number, from 0
     */
    public static RequestRejectedException ofUpdate(ProblemType type, String detail, int index) {
        return new RequestRejectedException(type, "Update " + index + " (counted from 0): " + detail, index);
    }

    /** Rejection of a body for which there is too little memory at the moment. */
    public static RequestRejectedException bodyOverloaded() {
        return new RequestRejectedException(
                ProblemType.OVERLOADED, "The hub has too little memory for this body at the moment. Retry later.");
    }

    /** Rejection of an update whose publisher has no grant for one of its topics (PROTOCOL M15). */
    public static RequestRejectedException publishDenied(Grants grants, String topic) {
        return new RequestRejectedException(
                ProblemType.INSUFFICIENT_SCOPE,
                "The token's 'mercure.publish' does not cover the topic '" + Problem.shortened(topic, MAX_SUBJECT)
                        + "': nothing was published. " + covers(grants, grants.publishTexts()));
    }

    /**
     * Rejection of a caller whose grants do not cover a path: 401 without a token, since one may help, else 403 (RFC
     * 6750 §3.1).
     */
    public static RequestRejectedException accessDenied(Grants grants, String path) {
        String subject = Problem.shortened(path, MAX_SUBJECT);
        return grants.anonymous()
                ? new RequestRejectedException(
                        ProblemType.MISSING_TOKEN,
                        "A token whose 'mercure.subscribe' covers '" + subject + "' is required: send one.")
                : new RequestRejectedException(
                        ProblemType.INSUFFICIENT_SCOPE,
                        "The token's 'mercure.subscribe' does not cover '" + subject + "'. "
                                + covers(grants, grants.subscribeTexts()));
    }

    /** Some of the selectors of the caller's own token. The caller knows them already. */
    private static String covers(Grants grants, List<String> selectors) {
        if (selectors.isEmpty()) {
            return grants.claimed() ? "It covers no topic." : "It has no claim 'mercure'.";
        }
        String named = selectors.stream()
                .limit(MAX_SELECTORS)
                .map(selector -> "'" + Problem.shortened(selector, MAX_SELECTOR) + "'")
                .collect(Collectors.joining(", "));
        int others = selectors.size() - MAX_SELECTORS;
        return "It covers " + named + (others > 0 ? " and " + others + " more." : ".");
    }

    /** The problem document. */
    Problem problem() {
        Problem problem = Problem.of(type, getMessage());
        return index == NO_INDEX ? problem : problem.at(index);
    }

    public ProblemType type() {
        return type;
    }
}
