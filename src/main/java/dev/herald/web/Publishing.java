package dev.herald.web;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.event.Event;
import dev.herald.event.Update;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/** What publishing is in either dialect: who may, the body, the log (PROTOCOL M14–M17). */
@ApplicationScoped
class Publishing {
    private final Hub hub;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final BodyReader bodies;
    private final HubPaths paths;
    private final MemoryBudget heads;

    Publishing(
            Hub hub,
            Authenticator authenticator,
            Credentials credentials,
            BodyReader bodies,
            HubPaths paths,
            HeapShares heap) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.bodies = bodies;
        this.paths = paths;
        this.heads = heap.bodies();
    }

    /**
     * Publishes what a request's body says. Must be called on the request's event loop; nothing blocks it. The token is
     * verified before anything else: a caller without one gets 401, whatever else is wrong.
     *
     * @param reader checks what precedes the body and returns what makes the update of the body; called on the same loop
     * @return the event, once it is in the log, on the request's event loop; fails with what the request is to be refused
     *     for, and then nothing was published
     */
    Uni<Event> publish(HttpServerRequest request, Supplier<Function<byte[], Update>> reader) {
        Optional<String> token = credentials.ofPublisher(request);
        Reservation memory = head(request);
        // The token may be verified, and is answered by the log, elsewhere; what follows belongs to the request's loop.
        OwnLoop loop = new OwnLoop();
        return loop.await(authenticator.publisher(token))
                .chain(grants -> {
                    PublishingTarget.check(request);
                    return bodies.read(request, reader.get()).call(update -> check(loop, grants, update, memory));
                })
                .chain(update -> loop.await(hub.publish(update)))
                .onTermination()
                .invoke(memory::close);
    }

    /** The request itself stays in memory until it is answered. */
    private Reservation head(HttpServerRequest request) {
        Reservation head = heads.open();
        reserve(head, RequestHead.heapBytes(request));
        return head;
    }

    private static void reserve(Reservation memory, long bytes) {
        if (!memory.grow(bytes)) {
            throw new RefusedException(
                    ProblemType.OVERLOADED, "The hub has no memory left for this request: send it again later.");
        }
    }

    /** Grants that cost much to match are matched elsewhere; the update waits for them in memory. */
    private Uni<Boolean> check(OwnLoop loop, Grants grants, Update update, Reservation memory) {
        update.topics().forEach(paths::refuseReserved);
        CompletableFuture<Boolean> permitted =
                hub.match(grants.mayPublish(update.topics())).toCompletableFuture();
        if (!permitted.isDone()) {
            reserve(memory, update.heapBytes());
        }
        return loop.await(permitted).invoke(Publishing::check);
    }

    private static void check(boolean permitted) {
        if (!permitted) {
            throw new RefusedException(
                    ProblemType.INSUFFICIENT_SCOPE,
                    "The token's 'mercure.publish' does not cover every topic of the update: nothing was published.");
        }
    }
}
