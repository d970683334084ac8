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
import dev.herald.web.AnswerSender;
import dev.herald.web.DirectAnswer;
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
    private final AnswerSender sender;
    private final MemoryBudget answers;

    public UpdatesResource(Publishing publishing, AnswerSender sender, HeapShares heap) {
        this.publishing = publishing;
        this.sender = sender;
        this.answers = heap.documents();
    }

    /** Publishes all updates in the body or none, and answers with the ids once they are in the log. */
    @POST
    public Uni<RestResponse<DirectAnswer>> publish(RoutingContext context) {
        AnswerMemory memory = new AnswerMemory(answers);
        context.addEndHandler(ended -> memory.close());
        return publish(context.request(), memory)
                .map(ids -> ResponseBuilder.ok(sender.answer(ids, memory), MediaType.APPLICATION_JSON)
                        .build());
    }

    /**
     * As {@link #publish(RoutingContext)}.
     *
     * @param memory reserves the answer; the caller closes it
     * @return the answer's JSON in UTF-8
     */
    public Uni<byte[]> publish(HttpServerRequest request, AnswerMemory memory) {
        return publishing.publishAll(request, UpdatesResource::parser, memory).map(EventIdsJson::of);
    }

    private static UpdatesParser parser(HttpServerRequest request, UpdateCollector updates) {
        Parameters.parse(request.query())
                .rejectUnknown(IN_QUERY, "Send it as a member of each update in the body. Nothing was published.");
        return new UpdatesParser(UpdatesFormat.of(request), updates);
    }
}
