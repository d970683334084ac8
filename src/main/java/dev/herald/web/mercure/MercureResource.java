package dev.herald.web.mercure;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import dev.herald.http.HubPaths;
import dev.herald.web.Publishing;
import dev.herald.web.QueryMethod;
import dev.herald.web.Streams;

/** The Mercure hub (PROTOCOL M1–M50; draft-07). Runs on the event loop of the connection and never blocks it. */
@Path(HubPaths.MERCURE)
public class MercureResource {
    private final Publishing publishing;
    private final Streams streams;
    private final MercureDialect dialect;

    public MercureResource(Publishing publishing, Streams streams, MercureDialect dialect) {
        this.publishing = publishing;
        this.streams = streams;
        this.dialect = dialect;
    }

    /** Publishes a form and answers with the event's id once it is in the log (PROTOCOL M10–M17). */
    @POST
    public Uni<RestResponse<String>> publish(HttpServerRequest request) {
        return publishing.publish(request, dialect).map(id -> ResponseBuilder.ok(
                        id.value(), MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                .build());
    }

    /**
     * Streams the events that match the selectors (PROTOCOL M1–M6). {@link MercureStreamFilter} has prepared the
     * stream.
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @MercureStream
    public Multi<OutboundSseEvent> subscribe(RoutingContext context) {
        return streams.open(context);
    }

    /** As {@link #subscribe}, with the parameters in a form (PROTOCOL Q19): {@code POST} publishes. */
    @QueryMethod
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @MercureStream
    public Multi<OutboundSseEvent> query(RoutingContext context) {
        return streams.open(context);
    }
}
