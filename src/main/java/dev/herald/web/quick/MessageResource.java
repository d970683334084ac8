package dev.herald.web.quick;

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

import dev.herald.event.EventId;
import dev.herald.http.HubPaths;
import dev.herald.http.OriginFilter;
import dev.herald.http.Text;
import dev.herald.web.Publishing;
import dev.herald.web.QueryMethod;
import dev.herald.web.Streams;

/**
 * The quick API (PROTOCOL Q1–Q13): {@code POST /message} publishes, {@code GET /SSE} streams. Runs on the event loop of
 * the connection and never blocks it.
 */
@Path("/")
public class MessageResource {
    private final Publishing publishing;
    private final Streams streams;
    private final QuickDialect dialect;

    public MessageResource(Publishing publishing, Streams streams, QuickDialect dialect) {
        this.publishing = publishing;
        this.streams = streams;
        this.dialect = dialect;
    }

    /**
     * Publishes the body and answers {@code success} once it is in the log (PROTOCOL Q1–Q7, Q13). Quarkus REST writes
     * the response on the connection's event loop.
     */
    @POST
    @Path(HubPaths.MESSAGE)
    public Uni<RestResponse<String>> publish(HttpServerRequest request) {
        return publishing.publish(request, dialect).map(MessageResource::published);
    }

    /**
     * Streams the events of one or several topics (PROTOCOL Q8–Q10). {@link QuickStreamFilter} has prepared the stream.
     */
    @GET
    @Path(HubPaths.STREAM)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> subscribe(RoutingContext context) {
        return streams.open(context);
    }

    /** As {@link #subscribe}, with the parameters in a form (PROTOCOL Q19). */
    @POST
    @Path(HubPaths.STREAM)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> subscribeByForm(RoutingContext context) {
        return streams.open(context);
    }

    /** As {@link #subscribeByForm}, with the method that says that the request changes nothing. */
    @QueryMethod
    @Path(HubPaths.STREAM)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> query(RoutingContext context) {
        return streams.open(context);
    }

    private static RestResponse<String> published(EventId id) {
        return ResponseBuilder.ok("success", MediaType.TEXT_PLAIN)
                .header(OriginFilter.EVENT_ID, Text.headerValue(id.value()))
                .build();
    }
}
