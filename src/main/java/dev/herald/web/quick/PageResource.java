package dev.herald.web.quick;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

import dev.herald.http.HubPaths;
import dev.herald.web.QueryMethod;

/** The client page at its original path {@code /sse}, besides {@code /} (PROTOCOL Q11). */
@Path(HubPaths.STREAM_ALIAS)
public class PageResource {
    private static final String PAGE = "META-INF/resources/index.html";

    private final MessageResource messages;

    PageResource(MessageResource messages) {
        this.messages = messages;
    }

    /**
     * The page. Read on each request, so that dev mode shows changes at once. Its links are relative, so a path that
     * ends in a slash is redirected.
     */
    @GET
    @Produces(MediaType.TEXT_HTML)
    @Blocking
    public RestResponse<String> page(HttpServerRequest request) throws IOException {
        if (request.path().endsWith("/")) {
            return ResponseBuilder.<String>create(Status.PERMANENT_REDIRECT)
                    .header(HttpHeaders.LOCATION, "../sse")
                    .build();
        }
        try (InputStream page = Thread.currentThread().getContextClassLoader().getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new NotFoundException();
            }
            return RestResponse.ok(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** The stream of {@code /SSE}, for clients that write the path in lower case. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> subscribe(RoutingContext context) {
        return messages.subscribe(context);
    }

    /** As {@link MessageResource#subscribeByForm}. */
    @POST
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> subscribeByForm(RoutingContext context) {
        return messages.subscribeByForm(context);
    }

    /** As {@link MessageResource#query}. */
    @QueryMethod
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @QuickStream
    public Multi<OutboundSseEvent> query(RoutingContext context) {
        return messages.query(context);
    }
}
