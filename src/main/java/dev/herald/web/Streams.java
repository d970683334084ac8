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
import dev.herald.event.EventId;
import dev.herald.event.TopicSelector;
import dev.herald.http.OpenRequests;
import dev.herald.hub.Hub;
import dev.herald.hub.Outlet;
import dev.herald.hub.Start;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/** Makes streams of the hub out of HTTP requests (PROTOCOL E1). */
@ApplicationScoped
class Streams {
    /** What an answer through Vert.x occupies besides its request, about, in bytes. */
    private static final long RESPONSE_BYTES = 2_000;

    private final Hub hub;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final Outlets outlets;
    private final MemoryBudget budget;

    Streams(Hub hub, Authenticator authenticator, Credentials credentials, Outlets outlets, HeapShares heap) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.outlets = outlets;
        this.budget = heap.streams();
    }

    /**
     * Looks up what the caller may read and where the stream begins, and sets the headers. Completes when the head can be
     * written, on the request's event loop, from which it must be called; fails with what the request is to be refused for.
     */
    CompletionStage<Void> prepare(RoutingContext context, Dialect dialect) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Accel-Buffering", "no");
        Optional<String> token = credentials.ofReader(context.request());
        CompletableFuture<StreamRequest> parsed = parse(context.request(), dialect);
        long headBytes = RequestHead.heapBytes(context.request());
        Reservation pending = budget.open();
        context.addEndHandler(ended -> pending.close());
        // What was parsed waits for the token, too.
        if (!pending.grow(headBytes + selectorBytes(parsed))) {
            return rejectForNow(context, pending);
        }
        OpenRequests.close(context.request());
        OwnLoop loop = new OwnLoop();
        return loop.bring(authenticator.subscriber(token))
                .thenCompose(grants -> parsed.thenCompose(request -> {
                    Subscription subscription = subscription(context, request, grants, headBytes);
                    return pending.grow(subscription.heapBytes())
                            ? loop.bring(hub.locate(subscription, Outlets.loop(context), response::closed))
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

    /** Reads the request on its own loop, and keeps a refusal for callers who may subscribe: 401 comes before 400. */
    private static CompletableFuture<StreamRequest> parse(HttpServerRequest request, Dialect dialect) {
        try {
            return CompletableFuture.completedFuture(dialect.parse(request));
        } catch (RuntimeException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /**
     * There is no memory for the stream: it ends at once, with the time to come back, and nothing of it is kept. Or its
     * client has gone, of which nobody needs to be warned.
     */
    private CompletionStage<Void> rejectForNow(RoutingContext context, Reservation pending) {
        Subscription nothing = new Subscription(List.of(), List.of(), Optional.empty(), false);
        Start later = pending.closed() ? Start.LATER : hub.rejectForNow();
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
                Outlets.releasesRequest(context) ? 0 : headBytes + RESPONSE_BYTES);
    }

    /** An id that is unknown, and one of an event that the subscriber may not know of, look alike (PROTOCOL M5). */
    private void accept(RoutingContext context, Optional<String> echoed, Prepared prepared) {
        Start start = prepared.start;
        outlets.announce(context);
        if (echoed.isPresent() && !start.equals(Start.LATER)) {
            LastEventId.write(context.response(), start.lost() ? EventId.EARLIEST : echoed.get());
        }
        context.put(Prepared.KEY, prepared);
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
                        emitter -> outlets.open(context, emitter, (loop, outlet) -> open(prepared, loop, outlet)),
                        BackPressureStrategy.IGNORE);
    }

    /** From here on the lane reserves what the stream occupies. */
    private Subscriber open(Prepared prepared, EventLoop loop, Outlet outlet) {
        prepared.pending.close();
        return hub.open(loop, prepared.subscription, prepared.start, outlet);
    }

    /**
     * What is known of a stream before its head is written.
     *
     * @param pending heap that it occupies until it is open
     */
    private record Prepared(Subscription subscription, Start start, Reservation pending) {
        static final String KEY = Prepared.class.getName();
    }
}
