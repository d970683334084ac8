package dev.herald.web;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.http.ProblemType;
import dev.herald.http.RefusedException;

/**
 * The request target of a publishing request: a path and a query. Path parameters ({@code /message;private=on}), which
 * JAX-RS removes before it looks for a resource, and fragments, which no request has (RFC 9112 §3.2), are refused: they
 * would be ignored, and with them the privacy of the update.
 */
final class PublishingTarget {
    private PublishingTarget() {}

    /** @throws RefusedException if the target has a path parameter or a fragment */
    static void check(HttpServerRequest request) {
        if (request.path().indexOf(';') >= 0) {
            throw refused("The path has parameters, after ';'");
        }
        if (request.uri().indexOf('#') >= 0) {
            throw refused("The URL has a fragment, after '#'");
        }
    }

    private static RefusedException refused(String fault) {
        return new RefusedException(
                ProblemType.INVALID_FIELD,
                fault + ": send parameters in the query, after '?', and write '#' as %23. Nothing was published.");
    }
}
