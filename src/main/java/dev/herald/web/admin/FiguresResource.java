package dev.herald.web.admin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

import dev.herald.http.HubPaths;

/** Stream of this node's figures (decision 072), for clients that {@link FiguresFilter} authorises. */
@Path(HubPaths.FIGURES)
public class FiguresResource {
    private final FiguresAccess access;

    FiguresResource(FiguresAccess access) {
        this.access = access;
    }

    /** A stream of one JSON object a second. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @FiguresStream
    public Multi<String> watch(RoutingContext context) {
        return context.request().method().equals(HttpMethod.HEAD)
                ? Multi.createFrom().empty()
                : access.figures(context);
    }
}
