package dev.herald.web;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

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
import dev.herald.auth.VerificationUnavailableException;
import dev.herald.connection.OpenRequests;
import dev.herald.event.EventId;
import dev.herald.http.Clients;
import dev.herald.http.Credentials;
import dev.herald.http.LastEventId;
import dev.herald.http.OriginFilter;
import dev.herald.http.Parameters;
import dev.herald.http.RequestLoop;
import dev.herald.hub.EndNotice;
import dev.herald.hub.Hub;
import dev.herald.hub.Outlet;
import dev.herald.hub.StartPosition;
import dev.herald.hub.StartPosition.RetryLater;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;
import dev.herald.limit.StreamSlot;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;
import dev.herald.stream.OutletFactory;
import dev.herald.stream.StreamTransport;
import dev.herald.web.RosteredStreams.Visitor;

/** Opener of the hub's streams for HTTP requests (PROTOCOL E1). Used on the request's event loop. */
@ApplicationScoped
public class Streams {
    private final Hub hub;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final Clients clients;
    private final SubscriptionForm form;
    private final OutletFactory outlets;
    private final RosteredStreams roster;
    private final MemoryBudget budget;
    private final String heartbeatMillis;

    public Streams(
            Hub hub,
            Authenticator authenticator,
            Credentials credentials,
            Clients clients,
            SubscriptionForm form,
            OutletFactory outlets,
            RosteredStreams roster,
            HeapShares heap) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.clients = clients;
        this.form = form;
        this.outlets = outlets;
        this.roster = roster;
        this.budget = heap.streams();
        this.heartbeatMillis = Long.toString(hub.heartbeat().toMillis());
    }

    /**
     * Reads the parameters, looks up the caller's grants and the start of the stream, and sets the headers. Must be
     * called on the request's event loop. Completes there when the head can be written; fails with the reason of
     * rejection.
     */
    public CompletionStage<Void> prepare(RoutingContext context, Dialect dialect) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Accel-Buffering", "no");
        Optional<String> token = credentials.ofReader(context.request());
        PendingStream pending = new PendingStream(budget);
        context.addEndHandler(ended -> pending.close());
        Asking asking = new Asking(context, dialect, token, pending, RequestHead.heapBytes(context.request()));
        return SubscriptionForm.isIn(context.request())
                ? prepareByForm(asking)
                : prepare(asking, () -> Parameters.parse(context.request().query()));
    }

    /** Reads the form, but only of a client that may subscribe: as for publishing, 401 comes before the body. */
    private CompletionStage<Void> prepareByForm(Asking asking) {
        HttpServerRequest request = asking.context.request();
        Supplier<Parameters> ofUrl = () -> Parameters.parse(request.query());
        if (!asking.pending.growTo(asking.headBytes)) {
            return rejectForLackOfMemory(opening(asking, ofUrl));
        }
        return new RequestLoop()
                .onLoop(authenticator.subscriber(asking.token))
                .thenCompose(grants -> form.read(request, asking.pending.memory()))
                .thenCompose(parameters -> prepare(asking, () -> parameters))
                .exceptionallyCompose(failure -> SubscriptionForm.temporaryRefusal(StreamFilter.cause(failure))
                        .map(later -> endAtOnce(opening(asking, ofUrl), later))
                        .orElseGet(() -> CompletableFuture.failedStage(failure)));
    }

    /** @param parameters fails if they cannot be parsed */
    private CompletionStage<Void> prepare(Asking asking, Supplier<Parameters> parameters) {
        RoutingContext context = asking.context;
        Opening opening = opening(asking, parameters);
        // The parsed request, too, stays in memory while the token is verified.
        if (!opening.pending.growTo(asking.headBytes + selectorBytes(opening.parsed))) {
            return rejectForLackOfMemory(opening);
        }
        OpenRequests.close(context.request());
        long retainedBytes = clients.streamBytes()
                + (opening.transport.takesOver() ? 0 : asking.headBytes + RequestHead.RESPONSE_BYTES);
        return opening.loop
                .onLoop(
                        requiresToken(opening.parsed)
                                ? authenticator.subscriberByToken(asking.token)
                                : authenticator.subscriber(asking.token))
                .thenCompose(grants -> opening.parsed.thenCompose(request -> {
                    StreamSlot slot = clients.openStream(context.request(), grants);
                    opening.pending.occupy(slot);
                    return slot.rejection()
                            .map(sentence -> endAtOnce(opening, new RetryLater(EndNotice.tooMany(sentence))))
                            .orElseGet(() -> {
                                Visitor visitor = roster.visitor(context.request(), asking.token, grants);
                                return locate(
                                        opening,
                                        subscription(request, grants, retainedBytes + roster.bytes(visitor)),
                                        visitor);
                            });
                }))
                .exceptionallyCompose(failure -> StreamFilter.cause(failure) instanceof VerificationUnavailableException
                        ? endAtOnce(opening, StartPosition.RETRY_LATER)
                        : CompletableFuture.failedStage(failure));
    }

    private Opening opening(Asking asking, Supplier<Parameters> parameters) {
        return new Opening(
                asking.context,
                outlets.select(asking.context),
                asking.pending,
                parse(asking.context.request(), asking.dialect, parameters),
                new RequestLoop());
    }

    /** Looks up the start of a stream that may be opened. */
    private CompletionStage<Void> locate(Opening opening, Subscription subscription, Visitor visitor) {
        RoutingContext context = opening.context;
        if (!opening.pending.grow(subscription.startingBytes())) {
            return rejectForLackOfMemory(opening);
        }
        StreamRequest request = opening.parsed.join();
        return opening.loop
                .onLoop(hub.locate(subscription, OutletFactory.loop(context), opening.pending::closed))
                .thenAccept(start -> accept(
                        context,
                        request.lastEventId().filter(id -> request.echoesStart()),
                        new Prepared(subscription, opening.transport, start, opening.pending, visitor)));
    }

    private static boolean requiresToken(CompletableFuture<StreamRequest> parsed) {
        return !parsed.isCompletedExceptionally() && parsed.join().tokenRequired();
    }

    private static long selectorBytes(CompletableFuture<StreamRequest> parsed) {
        return parsed.isCompletedExceptionally()
                ? 0
                : parsed.join().selectors().stream()
                        .mapToLong(TopicSelector::heapBytes)
                        .sum();
    }

    /** Parses the request on its loop. A failure is reported only after the token is verified: 401 comes before 400. */
    private static CompletableFuture<StreamRequest> parse(
            HttpServerRequest request, Dialect dialect, Supplier<Parameters> parameters) {
        try {
            return CompletableFuture.completedFuture(dialect.streamRequest(request, parameters.get()));
        } catch (RuntimeException rejection) {
            return CompletableFuture.failedFuture(rejection);
        }
    }

    /**
     * Rejects the stream for lack of memory: it ends at once with a reconnection time, and occupies nothing. If the
     * client has disconnected, no warning is logged.
     */
    private CompletionStage<Void> rejectForLackOfMemory(Opening opening) {
        return endAtOnce(opening, opening.pending.closed() ? StartPosition.RETRY_LATER : hub.rejectForLackOfMemory());
    }

    /** Answers with a stream that ends with a reconnection time (PROTOCOL E8): a browser gives up after a 503. */
    private CompletionStage<Void> endAtOnce(Opening opening, StartPosition later) {
        accept(
                opening.context,
                Optional.empty(),
                new Prepared(rejected(opening.parsed), opening.transport, later, opening.pending, Visitor.UNKNOWN));
        return CompletableFuture.completedStage(null);
    }

    /** A subscription that selects nothing, for the signals of a rejected stream (PROTOCOL E12). */
    private static Subscription rejected(CompletableFuture<StreamRequest> parsed) {
        if (parsed.isCompletedExceptionally()) {
            return new Subscription(List.of(), List.of(), Optional.empty(), false);
        }
        StreamRequest request = parsed.join();
        return new Subscription(
                List.of(),
                List.of(),
                request.lastEventId(),
                request.since(),
                request.signals(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param retainedBytes estimated heap size of the request and response while the stream is open */
    private static Subscription subscription(StreamRequest request, Grants grants, long retainedBytes) {
        return new Subscription(
                request.selectors(),
                grants.subscribe(),
                request.lastEventId(),
                request.since(),
                request.signals(),
                request.envelope(),
                grants.expiry(),
                grants.payload(),
                retainedBytes);
    }

    /**
     * The response to an unknown id equals that to the id of an event which the subscriber may not read (PROTOCOL M5).
     */
    private void accept(RoutingContext context, Optional<String> echoed, Prepared prepared) {
        context.response().putHeader(OriginFilter.HEARTBEAT, heartbeatMillis);
        outlets.announce(context, prepared.transport);
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
                        emitter -> outlets.open(
                                context, prepared.transport, emitter, (loop, outlet) -> open(prepared, loop, outlet)),
                        BackPressureStrategy.IGNORE);
    }

    /** Hands the memory accounting over to the lane. */
    private Subscriber open(Prepared prepared, EventLoop loop, Outlet outlet) {
        StreamSlot slot = prepared.pending.handOver();
        boolean open = false;
        try {
            Subscriber subscriber =
                    roster.open(prepared.visitor, loop, prepared.subscription, prepared.start, outlet, slot.closing());
            open = true;
            return subscriber;
        } finally {
            if (!open) {
                slot.close();
            }
        }
    }

    /**
     * Request for a stream whose parameters are not known yet.
     *
     * @param headBytes estimated heap size of the request without its body
     */
    private record Asking(
            RoutingContext context, Dialect dialect, Optional<String> token, PendingStream pending, long headBytes) {}

    /**
     * Request for a stream while it is prepared.
     *
     * @param pending what it occupies
     */
    private record Opening(
            RoutingContext context,
            StreamTransport transport,
            PendingStream pending,
            CompletableFuture<StreamRequest> parsed,
            RequestLoop loop) {}

    /**
     * State of a stream between {@link #prepare} and {@link #open}.
     *
     * @param pending what it occupies until it is open
     */
    private record Prepared(
            Subscription subscription,
            StreamTransport transport,
            StartPosition start,
            PendingStream pending,
            Visitor visitor) {
        static final String KEY = Prepared.class.getName();
    }
}
