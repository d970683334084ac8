package dev.herald.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;

import dev.herald.hub.Hub;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;

/** Makes streams of the hub out of HTTP requests (PROTOCOL E1). */
@ApplicationScoped
class Streams {
    private final Hub hub;
    private final SocketBudget budget;
    private final Map<EventLoop, DirectFrames> frames = new ConcurrentHashMap<>();

    Streams(Hub hub, SocketBudget budget) {
        this.hub = hub;
        this.budget = budget;
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
        if (context.request().version() == HttpVersion.HTTP_1_0) {
            // Neither length nor chunks tell such a client where the stream ends.
            response.putHeader(HttpHeaders.CONNECTION, "close");
            context.addEndHandler(ended -> context.request().connection().close());
        }
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
        Channel channel = ((HttpServerConnection) context.request().connection())
                .channelHandlerContext()
                .channel();
        DirectFrames buffers = frames.computeIfAbsent(channel.eventLoop(), loop -> new DirectFrames(channel.alloc()));
        SseOutlet outlet = new SseOutlet(response, buffers, budget, emitter::complete);
        Subscriber subscriber = hub.open(channel.eventLoop(), subscription, head, outlet);
        outlet.whenWritable(subscriber::resume);
        emitter.onTermination(subscriber::cancel);
        if (response.closed()) {
            // Nobody would be told any more.
            subscriber.cancel();
        }
    }

    @PreDestroy
    void letGo() {
        frames.forEach((loop, buffers) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(buffers::clear);
            }
        });
    }
}
