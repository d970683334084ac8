package dev.herald.connection;

import io.vertx.core.http.HttpServerRequest;

/** Writer of responses to requests that are rejected before they reach a resource. Thread-safe. */
public interface RejectedRequests {

    /**
     * Answers and ends the response; the caller closes the connection. Called on the request's loop.
     *
     * @param request the request; only its head may be used, which may be incomplete
     * @param status HTTP status, 4xx or 5xx
     * @param detail what is wrong, for a person; contains no client input
     */
    void answer(HttpServerRequest request, int status, String detail);
}
