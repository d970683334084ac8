package dev.herald.connection;

import io.vertx.core.http.HttpServerRequest;

/** Writes the answers to requests that are rejected before any resource sees them. Thread-safe. */
public interface RejectedRequests {

    /**
     * Answers and ends the response; the caller closes the connection. Called on the request's loop.
     *
     * @param request of which nothing but the head may be used, and that only as far as it was read
     * @param status HTTP status, 4xx or 5xx
     * @param detail what is wrong, for a person; holds nothing of what the client sent
     */
    void answer(HttpServerRequest request, int status, String detail);
}
