package dev.herald.http;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Problem document (RFC 9457 §3.1). Quarkus registers return types of resources for reflection, but not those of
 * exception mappers: without the annotation a native image cannot serialise one and answers 500.
 *
 * @param type problem type, as a URI
 * @param title problem type, in words
 * @param status HTTP status
 * @param detail what is wrong with this request, and what is valid
 */
@RegisterForReflection
record Problem(String type, String title, int status, String detail) {
    /** Media type of problem documents. */
    static final String MEDIA_TYPE = "application/problem+json";

    /** Longest detail, in characters: it may quote client input, and stays in memory until the client reads it. */
    private static final int MAX_DETAIL = 1_000;

    Problem {
        if (detail != null && detail.length() > MAX_DETAIL) {
            // Not between the two surrogates of a pair.
            int end = Character.isHighSurrogate(detail.charAt(MAX_DETAIL - 1)) ? MAX_DETAIL - 1 : MAX_DETAIL;
            detail = detail.substring(0, end) + "…";
        }
    }

    static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail);
    }
}
