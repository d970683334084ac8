package dev.herald.web;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Access;
import dev.herald.auth.Grants;
import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.Hub;

/** What publishing is in either dialect: who may, the body, the log (PROTOCOL M14–M17). */
@ApplicationScoped
class Publishing {
    private final Hub hub;
    private final Access access;
    private final Credentials credentials;
    private final BodyReader bodies;
    private final HubPaths paths;

    Publishing(Hub hub, Access access, Credentials credentials, BodyReader bodies, HubPaths paths) {
        this.hub = hub;
        this.access = access;
        this.credentials = credentials;
        this.bodies = bodies;
        this.paths = paths;
    }

    /**
     * Publishes what a request's body says. Must be called on the request's event loop; nothing blocks it. The token is
     * looked at before the body is taken.
     *
     * @param parse makes the update of the body
     * @return the event, once it is in the log; fails with what the request is to be refused for, and then nothing was
     *     published
     */
    Uni<Event> publish(HttpServerRequest request, Function<byte[], Update> parse) {
        return onLoop(access.publisher(credentials.ofPublisher(request)).toCompletableFuture())
                .chain(grants -> bodies.read(request).map(parse).call(update -> check(grants, update.topics())))
                .chain(update -> Uni.createFrom().completionStage(hub.publish(update)));
    }

    /** A check that takes long is made elsewhere; what follows belongs to the request's loop. */
    private static <T> Uni<T> onLoop(CompletableFuture<T> check) {
        Uni<T> result = Uni.createFrom().completionStage(check);
        if (check.isDone()) {
            return result;
        }
        Context loop = Vertx.currentContext();
        return result.emitOn(task -> loop.runOnContext(now -> task.run()));
    }

    private Uni<Boolean> check(Grants grants, List<Topic> topics) {
        topics.forEach(paths::refuseReserved);
        return onLoop(hub.match(grants.mayPublish(topics)).toCompletableFuture())
                .invoke(permitted -> {
                    if (!permitted) {
                        throw new RefusedException(
                                ProblemType.INSUFFICIENT_SCOPE,
                                "The token's 'mercure.publish' does not cover every topic of the update: nothing was published.");
                    }
                });
    }
}
