package dev.herald.web;

import io.vertx.core.http.HttpServerRequest;

/** A way to ask for a stream. What comes after, selecting, reading and delivering, knows none. Stateless. */
interface Dialect {

    /**
     * Reads the request.
     *
     * @throws RefusedException if it cannot be read
     * @throws dev.herald.event.InvalidFieldException if a value cannot be used
     */
    StreamRequest parse(HttpServerRequest request);
}
