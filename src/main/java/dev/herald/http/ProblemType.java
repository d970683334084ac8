package dev.herald.http;

import java.util.Locale;

/** Problem types of the API (RFC 9457): one constant for each remedy that a client has. */
public enum ProblemType {
    INVALID_JSON(400, "Invalid JSON"),
    INVALID_FORM(400, "Invalid form"),
    INVALID_FIELD(400, "Invalid value"),
    INVALID_ENCODING(400, "Invalid encoding"),
    EMPTY_BODY(400, "The body is empty"),
    INCOMPLETE_BODY(400, "Incomplete body"),
    MISSING_TOKEN(401, "Missing token"),
    INVALID_TOKEN(401, "Invalid token"),
    INSUFFICIENT_SCOPE(403, "Insufficient scope"),
    FOREIGN_ORIGIN(403, "Origin not allowed"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    BODY_TOO_LARGE(413, "The body is too large"),
    TOO_MANY_TOPICS(413, "Too many topics"),
    BATCH_TOO_LARGE(413, "Too many updates in one request"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    KEY_REUSED(422, "Idempotency key reused"),
    TOO_MANY_UPDATES(429, "Too many updates"),
    TOO_MANY_BYTES(429, "Too many bytes"),
    TOO_MANY_STREAMS(429, "Too many streams"),
    INTERNAL_ERROR(500, "Internal error"),
    LOG_UNAVAILABLE(503, "Log unavailable"),
    KEYS_UNAVAILABLE(503, "Tokens cannot be verified"),
    OVERLOADED(503, "Overloaded"),
    STORAGE_FULL(507, "Storage full");

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

    /** Name of the type, the last part of its {@link #uri()}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Identifier of the type in a problem document; stable, and the same on every hub. */
    String uri() {
        return "urn:problem-type:herald:" + slug();
    }
}
