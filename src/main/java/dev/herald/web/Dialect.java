package dev.herald.web;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.http.RefusedException;

/** A way to ask for a stream. What comes after, selecting, reading and delivering, knows none. Stateless. */
public interface Dialect {

    /**
     * Reads the request.
     *
     * @throws RefusedException if it cannot be read
     * @throws dev.herald.event.InvalidFieldException if a value cannot be used
     */
    StreamRequest parse(HttpServerRequest request);
}
