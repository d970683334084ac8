package dev.herald.web.history;

import io.vertx.ext.web.RoutingContext;

/** Body of an answer with past events, which writes itself. */
@FunctionalInterface
public interface HistoryAnswer {
    /** Answer without a body, to HEAD. */
    HistoryAnswer HEAD_ONLY = context -> context.response().end();

    /** Writes the body and ends the answer, now or later. Called on the request's event loop. */
    void send(RoutingContext context);
}
