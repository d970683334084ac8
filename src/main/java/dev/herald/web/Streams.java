package dev.herald.web;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
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

import dev.herald.auth.Access;
import dev.herald.auth.Grants;
import dev.herald.event.EventId;
import dev.herald.hub.Hub;
import dev.herald.hub.Start;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;

/** Makes streams of the hub out of HTTP requests (PROTOCOL E1). */
@ApplicationScoped
class Streams {
    /** RFC 9113 §7. */
    private static final long HTTP_2_CANCEL = 8;

    private final Hub hub;
    private final Access access;
    private final Credentials credentials;
    private final SocketBudget budget;
    private final Map<EventLoop, DirectFrames> frames = new ConcurrentHashMap<>();

    Streams(Hub hub, Access access, Credentials credentials, SocketBudget budget) {
        this.hub = hub;
        this.access = access;
        this.credentials = credentials;
        this.budget = budget;
    }

    /**
     * Looks up what the caller may read and where the stream begins, and sets the headers. Completes when the head can be
     * written, on any thread; fails with what the request is to be refused for.
     */
    CompletionStage<Void> prepare(RoutingContext context, StreamRequest request) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Accel-Buffering", "no");
        Optional<String> token = credentials.ofReader(context.request());
        if (context.request().version() == HttpVersion.HTTP_1_0) {
            // Neither length nor chunks tell such a client where the stream ends.
            response.putHeader(HttpHeaders.CONNECTION, "close");
            context.addEndHandler(ended -> context.request().connection().close());
        }
        return access.subscriber(token)
                .thenApply(grants -> subscription(request, grants))
                .thenCompose(subscription -> hub.locate(
                                subscription, pipeline(context).channel().eventLoop(), response::closed)
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
    private static void accept(RoutingContext context, StreamRequest request, Subscription subscription, Start start) {
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
        return Multi.createFrom().emitter(emitter -> hand(context, prepared, emitter), BackPressureStrategy.IGNORE);
    }

    private void hand(RoutingContext context, Prepared prepared, MultiEmitter<? super OutboundSseEvent> emitter) {
        HttpServerResponse response = context.response();
        Channel channel = pipeline(context).channel();
        DirectFrames buffers = frames.computeIfAbsent(channel.eventLoop(), loop -> new DirectFrames(channel.alloc()));
        SseOutlet outlet = new SseOutlet(response, buffers, budget, emitter::complete, () -> cut(context));
        Subscriber subscriber = hub.open(channel.eventLoop(), prepared.subscription, prepared.start, outlet);
        outlet.whenWritable(subscriber::resume);
        emitter.onTermination(subscriber::cancel);
        if (response.closed()) {
            // Nobody would be told any more.
            subscriber.cancel();
        }
    }

    /** Over HTTP/2 the stream only. Else below Vert.x, which would wait until the client has taken all. */
    private static void cut(RoutingContext context) {
        if (context.request().version() == HttpVersion.HTTP_2) {
            context.response().reset(HTTP_2_CANCEL);
        } else {
            pipeline(context).close();
        }
    }

    /** Where Vert.x stands in the connection's pipeline. */
    private static ChannelHandlerContext pipeline(RoutingContext context) {
        return ((HttpServerConnection) context.request().connection()).channelHandlerContext();
    }

    @PreDestroy
    void letGo() {
        frames.forEach((loop, buffers) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(buffers::clear);
            }
        });
    }

    /** What is known of a stream before its head is written. */
    private record Prepared(Subscription subscription, Start start) {
        static final String KEY = Prepared.class.getName();
    }
}
