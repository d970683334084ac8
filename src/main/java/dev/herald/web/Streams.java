package dev.herald.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;

import dev.herald.hub.Hub;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;

/** Makes streams of the hub out of HTTP requests (PROTOCOL E1). */
@ApplicationScoped
class Streams {
    private final Hub hub;

    Streams(Hub hub) {
        this.hub = hub;
    }

    /**
     * The stream as a {@code Multi} for the resource to return. Quarkus REST writes the head and then subscribes on the
     * connection's event loop: that is when the lane takes the stream in. The items do not go through the {@code Multi},
     * which only ends or is cancelled; the lane writes them to the socket, encoded once for all streams.
     *
     * @param context the request; its response's headers are set here
     */
    Multi<OutboundSseEvent> open(RoutingContext context, Subscription subscription) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Accel-Buffering", "no");
        if (context.request().method().equals(HttpMethod.HEAD)) {
            return Multi.createFrom().empty();
        }
        // Taken before the head is written: whoever has seen the 200 misses nothing published after it.
        long head = hub.head();
        return Multi.createFrom()
                .emitter(emitter -> hand(context, subscription, head, emitter), BackPressureStrategy.IGNORE);
    }

    private void hand(
            RoutingContext context,
            Subscription subscription,
            long head,
            MultiEmitter<? super OutboundSseEvent> emitter) {
        HttpServerResponse response = context.response();
        SseOutlet outlet = new SseOutlet(response, emitter::complete);
        Subscriber subscriber = hub.open(loop(context), subscription, head, outlet);
        response.drainHandler(drained -> subscriber.resume());
        emitter.onTermination(subscriber::cancel);
    }

    private static EventLoop loop(RoutingContext context) {
        return ((HttpServerConnection) context.request().connection())
                .channelHandlerContext()
                .channel()
                .eventLoop();
    }
}
