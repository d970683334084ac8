package dev.herald.web;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Topic;
import dev.herald.http.BodyReader;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.ProblemType;
import dev.herald.http.PublishMeter;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.Hub;
import dev.herald.limit.BodyMeter;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;
import dev.herald.selector.Matching;
import dev.herald.tracing.Tracing;
import dev.herald.tracing.UpdateTrace;

/**
 * Publishing for every dialect: verifies the token, charges the client's quotas, reads the body, appends to the log
 * (PROTOCOL M14–M17, Q14, Q15).
 */
@ApplicationScoped
public class Publishing {
    /** An answer is an array of bytes, which is copied as it is sent, and before that a list of ids. */
    private static final long ANSWER_COPIES = 4;

    private final Hub hub;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final PublishMeter meter;
    private final BodyReader bodies;
    private final HubPaths paths;
    private final Tracing tracing;
    private final MemoryBudget heads;
    private final MemoryBudget updates;

    public Publishing(
            Hub hub,
            Authenticator authenticator,
            Credentials credentials,
            PublishMeter meter,
            BodyReader bodies,
            HubPaths paths,
            Tracing tracing,
            HeapShares heap) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.meter = meter;
        this.bodies = bodies;
        this.paths = paths;
        this.tracing = tracing;
        this.heads = heap.bodies();
        this.updates = heap.updates();
    }

    /**
     * Publishes the update in a request's body. Must be called on the request's event loop; never blocks. The token is
     * verified first: a caller without one gets 401, whatever else is wrong.
     *
     * @param dialect parser of the request
     * @return the event's id, once it is in the log, emitted on the request's event loop. Fails with the reason of
     *     rejection; then nothing was published
     */
    public Uni<EventId> publish(HttpServerRequest request, Dialect dialect) {
        return publish(
                        request,
                        (meter, updates, head) -> bodies.read(request, dialect.updateParser(request), meter, head)
                                .invoke(update -> {
                                    update.topics().forEach(topic -> updates.topic(topic.name()));
                                    updates.add(update);
                                })
                                .replaceWith(updates),
                        updates -> {},
                        (denied, index) -> denied)
                .map(receipt -> receipt.ids().get(0));
    }

    /**
     * Publishes the updates in a request's body, all or none, as {@link #publish(HttpServerRequest, Dialect)}
     * (PROTOCOL Q14).
     *
     * @param answer reserves memory for the ids, before anything is published
     * @return the events' ids, in the order of the updates
     */
    public Uni<List<EventId>> publishAll(HttpServerRequest request, BatchDialect dialect, AnswerMemory answer) {
        return publish(
                        request,
                        (meter, updates, head) -> bodies.read(request, dialect.parser(request, updates), meter, head),
                        updates -> reserve(answer.grow(ANSWER_COPIES * updates.answerBytes())),
                        RequestRejectedException::at)
                .map(Receipt::ids);
    }

    private Uni<Receipt> publish(
            HttpServerRequest request,
            Body body,
            Consumer<UpdateCollector> beforePublishing,
            BiFunction<RequestRejectedException, Integer, RequestRejectedException> denial) {
        Optional<String> token = credentials.ofPublisher(request);
        Reservation memory = reserveHead(request);
        UpdateTrace trace = tracing.current();
        // Token and log may complete on other threads; the steps between run on the request's loop.
        RequestLoop loop = new RequestLoop();
        return loop.emitOnLoop(authenticator.publisher(token))
                .chain(grants -> {
                    BodyMeter charged = meter.charge(request, grants);
                    PublishingTarget.check(request);
                    UpdateCollector updates = new UpdateCollector(
                            paths::rejectReserved, charged, this.updates, IdempotencyHeader.parse(request, grants));
                    return body.read(charged, updates, memory)
                            .call(complete -> check(loop, grants, complete, denial))
                            // The body may have taken long.
                            .invoke(complete -> authenticator.requireUnrevokedPublisher(token, grants))
                            .invoke(beforePublishing)
                            .chain(complete -> loop.emitOnLoop(hub.publish(complete.handOver(), trace)))
                            .onTermination()
                            .invoke(updates::close);
                })
                .onTermination()
                .invoke(memory::close);
    }

    /** Reserves memory for the request itself until it is answered. */
    private Reservation reserveHead(HttpServerRequest request) {
        Reservation head = new Reservation(heads);
        boolean reserved = head.grow(RequestHead.heapBytes(request));
        if (!reserved) {
            bodies.relieve();
        }
        reserve(reserved);
        return head;
    }

    /** Reader of a body with updates. */
    @FunctionalInterface
    private interface Body {
        /** @param head memory of the rest of the request */
        Uni<UpdateCollector> read(BodyMeter meter, UpdateCollector updates, Reservation head);
    }

    private static void reserve(boolean reserved) {
        if (!reserved) {
            throw new RequestRejectedException(
                    ProblemType.OVERLOADED,
                    "The hub has too little memory for this request at the moment. Retry later.");
        }
    }

    /** Costly grants are matched on another thread; the memory of the updates is reserved meanwhile. */
    private Uni<Boolean> check(
            RequestLoop loop,
            Grants grants,
            UpdateCollector updates,
            BiFunction<RequestRejectedException, Integer, RequestRejectedException> denial) {
        Matching matching = grants.mayPublish(updates.topics());
        CompletableFuture<Boolean> permission = hub.match(matching).toCompletableFuture();
        if (!permission.isDone()) {
            updates.reserve();
        }
        return loop.emitOnLoop(permission).invoke(permitted -> {
            if (!permitted) {
                Topic foreign = matching.unmatched().orElseThrow();
                throw denial.apply(
                        RequestRejectedException.publishDenied(grants, foreign.name()), updates.firstUpdateOf(foreign));
            }
        });
    }
}
