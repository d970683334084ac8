package dev.herald.web.mercure;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.annotation.PreDestroy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.presence.ActiveSubscription;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.presence.SubscriptionsConfig;
import dev.herald.web.AnswerSender;
import dev.herald.web.DirectAnswer;
import dev.herald.web.IfNoneMatch;

/**
 * Active subscriptions of this node (PROTOCOL M40, M41), for callers whose token covers the requested path. One worker
 * thread builds all documents from the entries that lanes have registered: it blocks no lane, and uses one core at
 * most.
 */
@Path(HubPaths.SUBSCRIPTIONS)
public class SubscriptionsResource {
    private static final String MEDIA_TYPE = "application/ld+json";

    private final Hub hub;
    private final ActiveSubscriptions active;
    private final Authenticator authenticator;
    private final Credentials credentials;
    private final SubscriptionDocuments documents;
    private final HubPaths paths;
    private final SubscriptionsConfig config;
    private final AnswerSender sender;
    private final MemoryBudget budget;
    private final WorkerExecutor writer;

    SubscriptionsResource(
            Vertx vertx,
            Hub hub,
            ActiveSubscriptions active,
            Authenticator authenticator,
            Credentials credentials,
            SubscriptionDocuments documents,
            HubPaths paths,
            SubscriptionsConfig config,
            AnswerSender sender,
            HeapShares heap) {
        this.hub = hub;
        this.active = active;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.documents = documents;
        this.paths = paths;
        this.config = config;
        this.sender = sender;
        this.budget = heap.documents();
        this.writer = vertx.createSharedWorkerExecutor("subscriptions", 1);
    }

    @PreDestroy
    void close() {
        writer.close();
    }

    /** All active subscriptions. */
    @GET
    public CompletionStage<RestResponse<DirectAnswer>> all(RoutingContext context) {
        String path = paths.subscriptions();
        return answer(
                context,
                path,
                (presence, grants, memory) ->
                        documents.several(path, presence.all(), hub.lastEventId(grants.subscribe()), memory));
    }

    /** The active subscriptions with one selector; may be empty. */
    @GET
    @Path("{topic}")
    public CompletionStage<RestResponse<DirectAnswer>> ofTopic(
            RoutingContext context, @PathParam("topic") String topic) {
        String path = paths.subscriptions(topic);
        return answer(
                context,
                path,
                (presence, grants, memory) ->
                        documents.several(path, presence.of(topic), hub.lastEventId(grants.subscribe()), memory));
    }

    /** One active subscription; 404 if there is none. */
    @GET
    @Path("{topic}/{subscriber}")
    public CompletionStage<RestResponse<DirectAnswer>> one(
            RoutingContext context, @PathParam("topic") String topic, @PathParam("subscriber") String subscriber) {
        return answer(context, paths.subscriptions(topic, subscriber), (presence, grants, memory) -> {
            String lastEventId = hub.lastEventId(grants.subscribe());
            Optional<ActiveSubscription> found =
                    SubscriptionDocuments.subscriber(subscriber).flatMap(id -> presence.find(topic, id));
            return documents.one(found.orElseThrow(NotFoundException::new), lastEventId, memory);
        });
    }

    private CompletionStage<RestResponse<DirectAnswer>> answer(RoutingContext context, String path, View view) {
        if (!config.api()) {
            throw new NotFoundException();
        }
        HttpServerRequest request = context.request();
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        DocumentMemory memory = new DocumentMemory(budget);
        context.addEndHandler(ended -> memory.close());
        RequestLoop loop = new RequestLoop();
        return granted(request, path, loop)
                .thenCompose(grants -> loop.onLoop(writer.executeBlocking(() -> view.of(active, grants, memory), false)
                        .toCompletionStage()))
                .thenApply(document -> answer(request, document));
    }

    /**
     * Matches the grants against the path as the hub writes it, and as requested if both differ only in escapes. A
     * requested path with dot segments or a trailing slash is not used, since it could match grants for other paths.
     */
    private CompletionStage<Grants> granted(HttpServerRequest request, String path, RequestLoop loop) {
        Optional<String> token = credentials.ofReader(request);
        String requested = request.path();
        String alternative = HubPaths.equalDecoded(path, requested) ? requested : path;
        return loop.onLoop(authenticator.subscriber(token))
                .thenCompose(grants -> loop.onLoop(isCovered(grants, path, alternative))
                        .thenApply(covered -> requireCovered(grants, covered, path)));
    }

    private CompletionStage<Boolean> isCovered(Grants grants, String path, String alternative) {
        return isCovered(grants, path)
                .thenCompose(covered -> covered || alternative.equals(path)
                        ? CompletableFuture.completedStage(covered)
                        : isCovered(grants, alternative));
    }

    private static Grants requireCovered(Grants grants, boolean covered, String path) {
        if (covered) {
            return grants;
        }
        throw RequestRejectedException.accessDenied(grants, path);
    }

    private CompletionStage<Boolean> isCovered(Grants grants, String path) {
        try {
            return hub.match(grants.mayRead(new Topic(path)));
        } catch (InvalidFieldException noTopic) {
            return CompletableFuture.completedStage(false);
        }
    }

    private RestResponse<DirectAnswer> answer(HttpServerRequest request, SubscriptionDocument document) {
        String tag = document.tag();
        ResponseBuilder<DirectAnswer> answer =
                IfNoneMatch.matches(request.headers().getAll(HttpHeaders.IF_NONE_MATCH), tag)
                        ? ResponseBuilder.create(Status.NOT_MODIFIED)
                        : ResponseBuilder.ok(
                                sender.answer(document.json(), document.memory().answer()), MEDIA_TYPE);
        return answer.header(HttpHeaders.ETAG, tag).build();
    }

    /** Builder of the document that one resource method returns. */
    @FunctionalInterface
    private interface View {
        SubscriptionDocument of(ActiveSubscriptions presence, Grants grants, DocumentMemory memory);
    }
}
