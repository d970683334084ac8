package dev.herald.web.admin;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;

import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.http.HubPaths;
import dev.herald.http.RequestLoop;
import dev.herald.log.EventLog;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.stats.AdminActions.Action;

/** Kept events: their deletion from the log and from memory. What was delivered stays delivered. */
@Path(HubPaths.ADMIN + "/events")
@Produces(MediaType.APPLICATION_JSON)
public class EventsResource {
    private static final String ID = "id";

    private final AdminAccess access;
    private final EventLog log;

    EventsResource(AdminAccess access, EventLog log) {
        this.access = access;
        this.log = log;
    }

    /** Deletes the events with an id, or all events of a topic. */
    @DELETE
    public CompletionStage<RestResponse<JsonNode>> purge(RoutingContext context) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            AdminQuery query = AdminQuery.parse(context.request().query(), ID, AdminQuery.TOPIC);
            Optional<EventId> id = query.text(ID).map(EventId::new);
            Optional<Topic> topic = query.text(AdminQuery.TOPIC).map(Topic::new);
            if (id.isPresent() == topic.isPresent()) {
                throw new InvalidFieldException(ID, "or 'topic' is required, and not both: name what is deleted.");
            }
            Purge purge = id.<Purge>map(Purge.OfId::new).orElseGet(() -> new Purge.OfTopic(topic.orElseThrow()));
            return access.run(
                    loop,
                    administrator,
                    Action.PURGE,
                    id.map(named -> AuditLog.Target.hashed(ID, named.value()))
                            .orElseGet(() -> AuditLog.Target.hashed(
                                    AdminQuery.TOPIC, topic.orElseThrow().name())),
                    () -> log.purge(purge).thenApply(EventsResource::outcome));
        });
    }

    private static Outcome outcome(Purged purged) {
        return new Outcome(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("purged", purged.events())
                        .put("erased", purged.erased()),
                purged.events());
    }
}
