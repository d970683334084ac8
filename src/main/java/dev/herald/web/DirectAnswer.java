package dev.herald.web;

import io.vertx.ext.web.RoutingContext;

/** Body of an answer that writes itself, without a copy or a serializer of Quarkus REST. */
@FunctionalInterface
public interface DirectAnswer {
    /** Answer without a body, to HEAD. */
    DirectAnswer HEAD_ONLY = context -> context.response().end();

    /** Writes the body and ends the answer, now or later. Called on the request's event loop, after the head is set. */
    void send(RoutingContext context);
}
