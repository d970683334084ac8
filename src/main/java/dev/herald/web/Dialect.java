package dev.herald.web;

import java.util.function.Function;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Update;
import dev.herald.http.Parameters;
import dev.herald.http.RequestRejectedException;

/**
 * Parser of the requests of one surface: its names and formats of parameters, and nothing else. Tokens, origins,
 * limits of memory, selection, replay and delivery are the same for every dialect: {@link Publishing} and
 * {@link Streams} call the dialect and do the rest. Stateless and thread-safe.
 *
 * <p>To add a dialect, implement these two methods in a package of its own, and pass the dialect from a resource to
 * both. The comment of this package lists the few other places.
 */
public interface Dialect {

    /**
     * Parses a request for a stream. Called on the request's event loop, before the token is verified; a failure is
     * reported only to a client whose token is valid.
     *
     * @param parameters of the URL, and of the form in the body if there is one
     * @throws RequestRejectedException if it cannot be parsed
     * @throws InvalidFieldException if a value is invalid
     */
    StreamRequest streamRequest(HttpServerRequest request, Parameters parameters);

    /**
     * Checks the head of a publishing request, before its body is read, and returns the parser of the body. Called on
     * the request's event loop, after the token is verified; the parser is called there, too, at most once, with the
     * whole body. A failure of either is the answer, and nothing is published.
     *
     * @throws RequestRejectedException if the head cannot be parsed
     * @throws InvalidFieldException if a parameter is unknown or invalid
     */
    Function<byte[], Update> updateParser(HttpServerRequest request);
}
