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
import dev.herald.http.BodyReader;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.ProblemType;
import dev.herald.http.RefusedException;
import dev.herald.http.RequestHead;
import dev.herald.http.RequestLoop;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/** Publishing, shared by both dialects: verifies the token, reads the body, appends to the log (PROTOCOL M14–M17). */
@ApplicationScoped
public class Publishing {
    private final Hub hub;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final BodyReader bodies;
    private final HubPaths paths;
    private final MemoryBudget heads;

    public Publishing(
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
     * Publishes the update in a request's body. Must be called on the request's event loop; never blocks. The token is
     * verified first: a caller without one gets 401, whatever else is wrong.
     *
     * @param reader checks the request's head and returns the parser of its body; called on the same loop
     * @return the event, once it is in the log, emitted on the request's event loop; fails with the reason of
     *     rejection, and then nothing was published
     */
    public Uni<Event> publish(HttpServerRequest request, Supplier<Function<byte[], Update>> reader) {
        Optional<String> token = credentials.ofPublisher(request);
        Reservation memory = head(request);
        // Token and log may complete on other threads; the steps between run on the request's loop.
        RequestLoop loop = new RequestLoop();
        return loop.await(authenticator.publisher(token))
                .chain(grants -> {
                    PublishingTarget.check(request);
                    return bodies.read(request, reader.get()).call(update -> check(loop, grants, update, memory));
                })
                .chain(update -> loop.await(hub.publish(update)))
                .onTermination()
                .invoke(memory::close);
    }

    /** Reserves memory for the request itself until it is answered. */
    private Reservation head(HttpServerRequest request) {
        Reservation head = new Reservation(heads);
        reserve(head, RequestHead.heapBytes(request));
        return head;
    }

    private static void reserve(Reservation memory, long bytes) {
        if (!memory.grow(bytes)) {
            throw new RefusedException(
                    ProblemType.OVERLOADED,
                    "The hub has too little memory for this request at the moment. Retry later.");
        }
    }

    /** Costly grants are matched on another thread; the update's memory is reserved meanwhile. */
    private Uni<Boolean> check(RequestLoop loop, Grants grants, Update update, Reservation memory) {
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
