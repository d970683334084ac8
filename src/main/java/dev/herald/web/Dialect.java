package dev.herald.web;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.http.RefusedException;

/** Parser of stream requests in one surface's syntax. Selection, replay and delivery do not depend on it. Stateless. */
public interface Dialect {

    /**
     * Reads the request.
     *
     * @throws RefusedException if it cannot be parsed
     * @throws dev.herald.event.InvalidFieldException if a value is invalid
     */
    StreamRequest parse(HttpServerRequest request);
}
