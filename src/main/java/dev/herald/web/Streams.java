package dev.herald.web;

import java.util.concurrent.CompletionStage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import dev.herald.auth.Access;
import dev.herald.auth.Grants;
import dev.herald.event.EventId;
import dev.herald.hub.Hub;
import dev.herald.hub.Start;
import dev.herald.hub.Subscription;

/** Makes streams of the hub out of HTTP requests (PROTOCOL E1). */
@ApplicationScoped
class Streams {
    private final Hub hub;
    private final Access access;
    private final Credentials credentials;
    private final Outlets outlets;

    Streams(Hub hub, Access access, Credentials credentials, Outlets outlets) {
        this.hub = hub;
        this.access = access;
        this.credentials = credentials;
        this.outlets = outlets;
    }

    /**
     * Looks up what the caller may read and where the stream begins, and sets the headers. Completes when the head can be
     * written, on the request's event loop, from which it must be called; fails with what the request is to be refused for.
     */
    CompletionStage<Void> prepare(RoutingContext context, StreamRequest request) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Accel-Buffering", "no");
        OwnLoop loop = new OwnLoop();
        return loop.bring(access.subscriber(credentials.ofReader(context.request())))
                .thenApply(grants -> subscription(request, grants))
                .thenCompose(
                        subscription -> loop.bring(hub.locate(subscription, Outlets.loop(context), response::closed))
                                .thenAccept(start -> accept(context, request, subscription, start)));
    }

    private static Subscription subscription(StreamRequest request, Grants grants) {
        return new Subscription(
                request.selectors(),
                grants.subscribe(),
                request.lastEventId(),
                request.since(),
                request.signals(),
                grants.expiry(),
                grants.payload());
    }

    /** An id that is unknown, and one of an event that the subscriber may not know of, look alike (PROTOCOL M5). */
    private void accept(RoutingContext context, StreamRequest request, Subscription subscription, Start start) {
        outlets.announce(context);
        if (request.echoesStart() && request.lastEventId().isPresent() && !start.equals(Start.LATER)) {
            LastEventId.write(
                    context.response(),
                    start.lost() ? EventId.EARLIEST : request.lastEventId().get());
        }
        context.put(Prepared.KEY, new Prepared(subscription, start));
    }

    /**
     * The stream as a {@code Multi} for the resource to return. Quarkus REST writes the head and then subscribes on the
     * connection's event loop: that is when the lane takes the stream in. The items do not go through the {@code Multi},
     * which only ends or is cancelled; the lane writes them to the socket, encoded once for all streams.
     *
     * @param context the request, for which {@link #prepare} has completed
     */
    Multi<OutboundSseEvent> open(RoutingContext context) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            return Multi.createFrom().empty();
        }
        Prepared prepared = context.remove(Prepared.KEY);
        return Multi.createFrom()
                .emitter(
                        emitter -> outlets.open(
                                context,
                                emitter,
                                (loop, outlet) -> hub.open(loop, prepared.subscription, prepared.start, outlet)),
                        BackPressureStrategy.IGNORE);
    }

    /** What is known of a stream before its head is written. */
    private record Prepared(Subscription subscription, Start start) {
        static final String KEY = Prepared.class.getName();
    }
}
