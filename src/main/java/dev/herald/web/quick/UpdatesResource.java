package dev.herald.web.quick;

import java.util.Set;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.Parameters;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.web.AnswerMemory;
import dev.herald.web.Publishing;
import dev.herald.web.UpdateCollector;

/**
 * Publishing of several updates in one request (PROTOCOL Q14). Runs on the event loop of the connection and never blocks
 * it.
 */
@Path(HubPaths.UPDATES)
public class UpdatesResource {
    private static final Set<String> IN_QUERY = Set.of(Credentials.PARAMETER);

    private final Publishing publishing;
    private final MemoryBudget answers;

    public UpdatesResource(Publishing publishing, HeapShares heap) {
        this.publishing = publishing;
        this.answers = heap.documents();
    }

    /** Publishes all updates in the body or none, and answers with the ids once they are in the log. */
    @POST
    public Uni<RestResponse<EventIds>> publish(RoutingContext context) {
        AnswerMemory memory = new AnswerMemory(answers);
        context.addEndHandler(ended -> memory.close());
        return publish(context.request(), memory)
                .map(ids -> ResponseBuilder.ok(ids, MediaType.APPLICATION_JSON).build());
    }

    /**
     * As {@link #publish(RoutingContext)}.
     *
     * @param memory reserves the answer; the caller closes it
     */
    public Uni<EventIds> publish(HttpServerRequest request, AnswerMemory memory) {
        return publishing.publishAll(request, UpdatesResource::parser, memory).map(ids -> EventIds.of(ids, memory));
    }

    private static UpdatesParser parser(HttpServerRequest request, UpdateCollector updates) {
        Parameters.parse(request.query())
                .rejectUnknown(IN_QUERY, "Send it as a member of each update in the body. Nothing was published.");
        return new UpdatesParser(UpdatesFormat.of(request), updates);
    }
}
