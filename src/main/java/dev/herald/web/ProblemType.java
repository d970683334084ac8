package dev.herald.web;

import java.util.Locale;

/** The problems that a client can meet (RFC 9457): one constant for each thing it could do about it. */
enum ProblemType {
    INVALID_JSON(400, "The body is not JSON"),
    INVALID_FORM(400, "The form lacks what is needed"),
    INVALID_FIELD(400, "A value cannot be used"),
    INVALID_ENCODING(400, "The text is not UTF-8"),
    EMPTY_BODY(400, "The body is empty"),
    INCOMPLETE_BODY(400, "The body did not arrive whole"),
    MISSING_TOKEN(401, "Missing token"),
    INVALID_TOKEN(401, "Invalid token"),
    INSUFFICIENT_SCOPE(403, "Insufficient scope"),
    FOREIGN_ORIGIN(403, "This page may not use the hub"),
    NOT_FOUND(404, "Nothing is here"),
    METHOD_NOT_ALLOWED(405, "This cannot be done here"),
    NOT_ACCEPTABLE(406, "No acceptable form"),
    BODY_TOO_LARGE(413, "The body is too large"),
    TOO_MANY_TOPICS(413, "The update has too many topics"),
    UNSUPPORTED_MEDIA_TYPE(415, "This kind of body is not understood"),
    INTERNAL_ERROR(500, "The hub failed"),
    LOG_UNAVAILABLE(503, "The log cannot take updates"),
    KEYS_UNAVAILABLE(503, "Tokens cannot be verified"),
    OVERLOADED(503, "The hub is overloaded"),
    STORAGE_FULL(507, "The log's disk is full");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** Identifies the type in a problem document; stable, and the same on every hub. */
    String uri() {
        return "urn:problem-type:herald:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
