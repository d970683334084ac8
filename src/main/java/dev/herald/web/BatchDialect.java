package dev.herald.web;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.BodyParser;
import dev.herald.http.RequestRejectedException;

/** Parser of requests with several updates; otherwise as {@link Dialect}. Stateless and thread-safe. */
@FunctionalInterface
public interface BatchDialect {

    /**
     * Checks the head of a publishing request, before its body is read, and returns the parser of the body.
     *
     * @param updates gets the updates, and reserves memory for them; it is the result of the parser
     * @throws RequestRejectedException if the head cannot be parsed
     * @throws InvalidFieldException if a parameter is unknown
     */
    BodyParser<UpdateCollector> parser(HttpServerRequest request, UpdateCollector updates);
}
