package dev.herald.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Problem document (RFC 9457 §3.1). Quarkus registers return types of resources for reflection, but not those of
 * exception mappers. Without the annotation, a native image cannot serialise one and answers 500.
 *
 * @param type problem type, as a URI
 * @param title problem type, in words
 * @param status HTTP status
 * @param detail what is wrong with this request, and what is valid
 * @param index number of the update in the request that is rejected, from 0; null if it is not one of several
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(String type, String title, int status, String detail, Integer index) {
    /** Media type of problem documents. */
    static final String MEDIA_TYPE = "application/problem+json";

    /** Longest detail, in characters: it may quote client input, and stays in memory until the client reads it. */
    private static final int MAX_DETAIL = 1_000;

    Problem {
        detail = detail == null ? null : shortened(detail, MAX_DETAIL);
    }

    static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null);
    }

    /** This problem, of one update in a request. */
    Problem at(int update) {
        return new Problem(type, title, status, detail, update);
    }

    /** The text, or its first characters and an ellipsis: a detail may quote what the client sent. */
    static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        // Not between the two surrogates of a pair.
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length) + "…";
    }
}
