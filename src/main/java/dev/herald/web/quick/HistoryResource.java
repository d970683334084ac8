package dev.herald.web.quick;

import java.util.concurrent.CompletionStage;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;

import dev.herald.http.HubPaths;
import dev.herald.web.DirectAnswer;
import dev.herald.web.history.History;

/**
 * Past events (PROTOCOL Q16), with or without waiting for new ones. Runs on the event loop of the connection and never
 * blocks it.
 */
@Path(HubPaths.UPDATES)
public class HistoryResource {
    private final History history;
    private final QuickDialect dialect;

    HistoryResource(History history, QuickDialect dialect) {
        this.history = history;
        this.dialect = dialect;
    }

    /** Some of the events, as one document. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<RestResponse<DirectAnswer>> page(RoutingContext context) {
        return history.page(context, request -> HistoryParameters.parse(request, dialect));
    }

    /** All of the events, one a line. */
    @GET
    @Produces(History.LINES + ";qs=0.5")
    public CompletionStage<RestResponse<DirectAnswer>> lines(RoutingContext context) {
        return history.lines(context, request -> HistoryParameters.parse(request, dialect));
    }
}
