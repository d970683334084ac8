package dev.herald.web;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;

/**
 * Validator of the request target of a publishing request, which is a path and a query. Rejects path parameters
 * ({@code /message;private=on}), which JAX-RS removes before it matches a resource. Rejects fragments, which are not
 * valid in a request (RFC 9112 §3.2). Otherwise both would be ignored, and with them the privacy of the update.
 */
final class PublishingTarget {
    private PublishingTarget() {}

    /** @throws RequestRejectedException if the target has a path parameter or a fragment */
    static void check(HttpServerRequest request) {
        if (request.path().indexOf(';') >= 0) {
            throw rejection("The path has parameters, after ';'");
        }
        if (request.uri().indexOf('#') >= 0) {
            throw rejection("The URL has a fragment, after '#'");
        }
    }

    private static RequestRejectedException rejection(String fault) {
        return new RequestRejectedException(
                ProblemType.INVALID_FIELD,
                fault + ": send parameters in the query, after '?', and write '#' as %23. Nothing was published.");
    }
}
