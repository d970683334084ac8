package dev.herald.web;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.connection.OpenRequests;
import dev.herald.event.EventId;
import dev.herald.http.Credentials;
import dev.herald.http.LastEventId;
import dev.herald.http.RequestHead;
import dev.herald.http.RequestLoop;
import dev.herald.hub.Hub;
import dev.herald.hub.Outlet;
import dev.herald.hub.StartPosition;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;
import dev.herald.selector.TopicSelector;
import dev.herald.stream.OutletFactory;

/** Opener of the hub's streams for HTTP requests (PROTOCOL E1). Used on the request's event loop. */
@ApplicationScoped
public class Streams {
    /** Estimated heap size of a response through Vert.x besides its request, in bytes. */
    private static final long RESPONSE_BYTES = 2_000;

    private final Hub hub;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final OutletFactory outlets;
    private final MemoryBudget budget;

    public Streams(
            Hub hub, Authenticator authenticator, Credentials credentials, OutletFactory outlets, HeapShares heap) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.outlets = outlets;
        this.budget = heap.streams();
    }

    /**
     * Looks up the caller's grants and the start of the stream, and sets the headers. Must be called on the request's
     * event loop. Completes there when the head can be written; fails with the reason of rejection.
     */
    public CompletionStage<Void> prepare(RoutingContext context, Dialect dialect) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Accel-Buffering", "no");
        Optional<String> token = credentials.ofReader(context.request());
        CompletableFuture<StreamRequest> parsed = parse(context.request(), dialect);
        long headBytes = RequestHead.heapBytes(context.request());
        Reservation pending = new Reservation(budget);
        context.addEndHandler(ended -> pending.close());
        // The parsed request, too, stays in memory while the token is verified.
        if (!pending.grow(headBytes + selectorBytes(parsed))) {
            return rejectForNow(context, pending);
        }
        OpenRequests.close(context.request());
        RequestLoop loop = new RequestLoop();
        return loop.bring(authenticator.subscriber(token))
                .thenCompose(grants -> parsed.thenCompose(request -> {
                    Subscription subscription = subscription(context, request, grants, headBytes);
                    return pending.grow(subscription.heapBytes())
                            ? loop.bring(hub.locate(subscription, OutletFactory.loop(context), response::closed))
                                    .thenAccept(start -> accept(
                                            context,
                                            request.lastEventId().filter(id -> request.echoesStart()),
                                            new Prepared(subscription, start, pending)))
                            : rejectForNow(context, pending);
                }));
    }

    private static long selectorBytes(CompletableFuture<StreamRequest> parsed) {
        return parsed.isCompletedExceptionally()
                ? 0
                : parsed.join().selectors().stream()
                        .mapToLong(TopicSelector::heapBytes)
                        .sum();
    }

    /** Parses the request on its loop. A failure is reported only after the token is verified: 401 comes before 400. */
    private static CompletableFuture<StreamRequest> parse(HttpServerRequest request, Dialect dialect) {
        try {
            return CompletableFuture.completedFuture(dialect.parse(request));
        } catch (RuntimeException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /**
     * Rejects the stream for lack of memory: it ends at once with a reconnection time, and occupies nothing. If the
     * client has disconnected, no warning is logged.
     */
    private CompletionStage<Void> rejectForNow(RoutingContext context, Reservation pending) {
        Subscription nothing = new Subscription(List.of(), List.of(), Optional.empty(), false);
        StartPosition later = pending.closed() ? StartPosition.RETRY_LATER : hub.reject();
        accept(context, Optional.empty(), new Prepared(nothing, later, pending));
        return CompletableFuture.completedStage(null);
    }

    private static Subscription subscription(
            RoutingContext context, StreamRequest request, Grants grants, long headBytes) {
        return new Subscription(
                request.selectors(),
                grants.subscribe(),
                request.lastEventId(),
                request.since(),
                request.signals(),
                grants.expiry(),
                grants.payload(),
                OutletFactory.releasesRequest(context) ? 0 : headBytes + RESPONSE_BYTES);
    }

    /**
     * The response to an unknown id equals that to the id of an event which the subscriber may not read (PROTOCOL M5).
     */
    private void accept(RoutingContext context, Optional<String> echoed, Prepared prepared) {
        outlets.announce(context);
        if (echoed.isPresent() && prepared.start instanceof StartPosition.At start) {
            LastEventId.write(context.response(), start.lost() ? EventId.EARLIEST : echoed.get());
        }
        context.put(Prepared.KEY, prepared);
    }

    /**
     * The stream as a {@code Multi} for the resource to return. Quarkus REST writes the head and then subscribes on the
     * connection's event loop; the lane then adds the stream. The {@code Multi} emits no items: it only completes or is
     * cancelled. The lane writes events to the socket, encoded once for all streams.
     *
     * @param context the request, for which {@link #prepare} has completed
     */
    public Multi<OutboundSseEvent> open(RoutingContext context) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            return Multi.createFrom().empty();
        }
        Prepared prepared = context.remove(Prepared.KEY);
        return Multi.createFrom()
                .emitter(
                        emitter -> outlets.open(context, emitter, (loop, outlet) -> open(prepared, loop, outlet)),
                        BackPressureStrategy.IGNORE);
    }

    /** Hands the memory accounting over to the lane. */
    private Subscriber open(Prepared prepared, EventLoop loop, Outlet outlet) {
        prepared.pending.close();
        return hub.open(loop, prepared.subscription, prepared.start, outlet);
    }

    /**
     * State of a stream between {@link #prepare} and {@link #open}.
     *
     * @param pending heap that it occupies until it is open
     */
    private record Prepared(Subscription subscription, StartPosition start, Reservation pending) {
        static final String KEY = Prepared.class.getName();
    }
}
