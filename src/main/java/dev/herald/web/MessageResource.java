package dev.herald.web;

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

import dev.herald.event.Event;
import dev.herald.event.Topic;

/**
 * The quick API (PROTOCOL Part 1): {@code POST /message} publishes, {@code GET /SSE} streams. Runs on the event loop of
 * the connection and never blocks it.
 */
@Path("/")
public class MessageResource {
    /** Name of the answer's header that has the id of the published event, in UTF-8 as {@code Last-Event-ID} is. */
    static final String EVENT_ID = "Event-ID";

    /** Path to publish to, relative to the hub's root. */
    static final String PUBLISH = "/message";

    private final Publishing publishing;
    private final Streams streams;
    private final Topic defaultTopic;

    MessageResource(Publishing publishing, Streams streams, WebConfig config) {
        this.publishing = publishing;
        this.streams = streams;
        this.defaultTopic = new Topic(config.topic().defaultName());
    }

    /**
     * Publishes the body and answers {@code success} once it is in the log (Q1–Q7, Q13). Quarkus REST brings the answer
     * back to the connection's event loop.
     */
    @POST
    @Path(PUBLISH)
    public Uni<RestResponse<String>> publish(HttpServerRequest request) {
        return publishing
                .publish(request, () -> MessageRequest.parse(request, defaultTopic)::update)
                .map(MessageResource::published);
    }

    /** Streams the events of one or several topics (Q8–Q10), as {@link QuickStreamFilter} read the request. */
    @GET
    @Path("SSE")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> subscribe(RoutingContext context) {
        return streams.open(context);
    }

    private static RestResponse<String> published(Event event) {
        return ResponseBuilder.ok("success", MediaType.TEXT_PLAIN)
                .header(EVENT_ID, Text.field(event.id().value()))
                .build();
    }
}
