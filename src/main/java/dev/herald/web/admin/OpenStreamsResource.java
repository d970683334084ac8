package dev.herald.web.admin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.HubPaths;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.EndNotice;
import dev.herald.hub.Subscriber.Progress;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;
import dev.herald.roster.Roster;
import dev.herald.roster.RosterEntry;
import dev.herald.roster.StreamQuery;
import dev.herald.stats.AdminActions.Action;

/** Open streams of this node: pages of them, and their end. */
@Path(HubPaths.ADMIN + "/streams")
@Produces(MediaType.APPLICATION_JSON)
public class OpenStreamsResource {
    private static final long PROGRESS_MILLIS = 2_000;

    /** The JSON is kept as objects, as text and as bytes. */
    private static final long PAGE_HEAP_BYTES = 6 * StreamPage.MAX_BYTES;

    private final AdminAccess access;
    private final Roster roster;
    private final MemoryBudget documents;

    OpenStreamsResource(AdminAccess access, Roster roster, HeapShares heap) {
        this.access = access;
        this.roster = roster;
        this.documents = heap.documents();
    }

    /** A page of the streams that meet all given conditions, in the order in which they were opened. */
    @GET
    public CompletionStage<RestResponse<JsonNode>> list(RoutingContext context) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            AdminQuery query = AdminQuery.parseStreams(context.request().query(), AdminQuery.LIMIT, AdminQuery.AFTER);
            StreamQuery streams = query.streams();
            long after = query.after();
            int limit = query.limit();
            AuditLog.Target target = query.auditedStreams();
            reserve(context);
            return access.run(
                    loop,
                    administrator,
                    Action.LIST_STREAMS,
                    target,
                    () -> describe(roster.page(streams, after, limit)));
        });
    }

    private void reserve(RoutingContext context) {
        Reservation page = new Reservation(documents);
        if (!page.grow(PAGE_HEAP_BYTES)) {
            throw new RequestRejectedException(
                    ProblemType.OVERLOADED, "The hub has too little memory for a page at the moment. Retry later.");
        }
        context.addEndHandler(ended -> page.close());
        // The client may have left while its token was verified.
        if (context.response().closed()) {
            page.close();
        }
    }

    private static CompletionStage<Outcome> describe(Roster.Page page) {
        List<CompletableFuture<Optional<Progress>>> progress = page.streams().stream()
                .map(RosterEntry::subscriber)
                .map(stream -> stream.progress()
                        .toCompletableFuture()
                        // A loop that is stuck must not hide the streams of the others.
                        .completeOnTimeout(Optional.of(StreamPage.UNKNOWN), PROGRESS_MILLIS, TimeUnit.MILLISECONDS))
                .toList();
        return CompletableFuture.allOf(progress.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    StreamPage described = new StreamPage(page.next());
                    for (int i = 0; i < progress.size() && !described.full(); i++) {
                        RosterEntry stream = page.streams().get(i);
                        Optional<Progress> known = progress.get(i).join();
                        known.ifPresent(state -> described.add(stream, state));
                    }
                    return described.outcome();
                });
    }

    /** Ends the streams that meet all given conditions, of which one is required. */
    @DELETE
    public CompletionStage<RestResponse<JsonNode>> endSeveral(RoutingContext context) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            AdminQuery query = AdminQuery.parseStreams(context.request().query(), AdminQuery.AFTER);
            StreamQuery streams = query.streams();
            long after = query.after();
            if (streams.isEmpty()) {
                throw new InvalidFieldException(
                        AdminQuery.SUBJECT,
                        "is missing: name which streams end, by one or more of subject, token, jti, topic, selector.");
            }
            return access.run(
                    loop,
                    administrator,
                    Action.END_STREAMS,
                    query.auditedStreams(),
                    () -> CompletableFuture.completedStage(ended(roster.end(streams, after, EndNotice.KICKED))));
        });
    }

    /** Ends one stream. */
    @DELETE
    @Path("{id}")
    public CompletionStage<RestResponse<JsonNode>> endOne(RoutingContext context, @PathParam("id") String id) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            long number = AdminQuery.number("id", id);
            return access.run(loop, administrator, Action.END_STREAMS, AuditLog.Target.stream(number), () -> {
                if (!roster.end(number, EndNotice.KICKED)) {
                    throw new RequestRejectedException(
                            ProblemType.NOT_FOUND, "There is no open stream " + number + ": it has ended.");
                }
                return CompletableFuture.completedStage(ended(new Roster.Ended(1, OptionalLong.empty())));
            });
        });
    }

    private static Outcome ended(Roster.Ended ended) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("ended", ended.count());
        ended.next().ifPresent(id -> body.put("next", Long.toString(id)));
        return new Outcome(body, ended.count());
    }
}
