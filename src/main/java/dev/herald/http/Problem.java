package dev.herald.http;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A problem document (RFC 9457 §3.1). Quarkus registers for reflection what resources return, but not what exception
 * mappers return: without the annotation a native image cannot write one and answers 500.
 *
 * @param type what kind of problem, as a URI
 * @param title the kind in words
 * @param status the HTTP status
 * @param detail what is wrong with this request, and what would be right
 */
@RegisterForReflection
record Problem(String type, String title, int status, String detail) {
    /** Media type of problem documents. */
    static final String MEDIA_TYPE = "application/problem+json";

    /** Longest detail, in characters: it may quote what a client sent, and waits in memory until the client reads it. */
    private static final int MAX_DETAIL = 1_000;

    Problem {
        if (detail != null && detail.length() > MAX_DETAIL) {
            // Not between the two halves of one character.
            int end = Character.isHighSurrogate(detail.charAt(MAX_DETAIL - 1)) ? MAX_DETAIL - 1 : MAX_DETAIL;
            detail = detail.substring(0, end) + "…";
        }
    }

    static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail);
    }
}
