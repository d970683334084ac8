package dev.herald.web.admin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;

import dev.herald.http.BodyReader;
import dev.herald.http.HubPaths;
import dev.herald.http.RequestLoop;
import dev.herald.http.Text;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.Revocations;
import dev.herald.stats.AdminActions.Action;

/** Revocations of tokens and subjects, which the log keeps until they end. */
@Path(HubPaths.ADMIN + "/revocations")
@Produces(MediaType.APPLICATION_JSON)
public class RevocationsResource {
    private static final String UNTIL = "until";

    private final AdminAccess access;
    private final Revocations revocations;
    private final Revoking revoking;
    private final BodyReader bodies;

    RevocationsResource(AdminAccess access, Revocations revocations, Revoking revoking, BodyReader bodies) {
        this.access = access;
        this.revocations = revocations;
        this.revoking = revoking;
        this.bodies = bodies;
    }

    /** A page of the revocations in force. */
    @GET
    public CompletionStage<RestResponse<JsonNode>> list(RoutingContext context) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            AdminQuery query = AdminQuery.parse(context.request().query(), AdminQuery.LIMIT, AdminQuery.AFTER);
            Optional<String> after = query.text(AdminQuery.AFTER);
            int limit = query.limit();
            return access.run(
                    loop,
                    administrator,
                    Action.LIST_REVOCATIONS,
                    AuditLog.Target.NONE,
                    () -> CompletableFuture.completedStage(page(after, limit)));
        });
    }

    /** Ordered by kind and value, so that a page continues after the last entry of the page before. */
    private Outcome page(Optional<String> after, int limit) {
        List<Revocation> listed = revocations.list();
        List<Revocation> shown = listed.stream()
                .filter(revocation ->
                        after.isEmpty() || name(revocation.target()).compareTo(after.get()) > 0)
                .limit(limit + 1L)
                .toList();
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = page.putArray("revocations");
        shown.stream().limit(limit).forEach(revocation -> entries.add(describe(revocation)));
        if (shown.size() > limit) {
            page.put("next", name(shown.get(limit - 1).target()));
        }
        return new Outcome(page, entries.size());
    }

    private static String name(Target target) {
        return target.kind().ordinal() + ":" + target.value();
    }

    private static ObjectNode describe(Revocation revocation) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        revocation.target().kind().name().toLowerCase(Locale.ROOT),
                        revocation.target().value())
                .put("since", revocation.since().toString())
                .put(UNTIL, revocation.until().toString());
    }

    /** Revokes a token or subject, by a form, and ends its streams. */
    @POST
    public CompletionStage<RestResponse<JsonNode>> revoke(RoutingContext context) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            AdminQuery.parse(context.request().query());
            return bodies.read(context.request(), RevocationsResource::form)
                    .subscribeAsCompletionStage()
                    .thenCompose(form -> revoke(loop, administrator, form));
        });
    }

    private static AdminQuery form(byte[] body) {
        return AdminQuery.parse(Text.form(body), AdminQuery.SUBJECT, AdminQuery.TOKEN, AdminQuery.JTI, UNTIL);
    }

    private CompletionStage<RestResponse<JsonNode>> revoke(
            RequestLoop loop, Administrator administrator, AdminQuery form) {
        Target target = form.requiredTarget();
        // In milliseconds, as the log keeps them.
        Revocation revocation = new Revocation(
                target,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                revoking.until(form.text(UNTIL)).truncatedTo(ChronoUnit.MILLIS));
        return access.run(loop, administrator, Action.REVOKE, AuditLog.Target.of(target), () -> {
            int ended = revoking.revoke(revocation);
            return CompletableFuture.completedStage(
                    new Outcome(describe(revocation).put("ended", ended), ended));
        });
    }

    /** Ends a revocation. */
    @DELETE
    public CompletionStage<RestResponse<JsonNode>> readmit(RoutingContext context) {
        RequestLoop loop = new RequestLoop();
        return access.authenticate(context, loop).thenCompose(administrator -> {
            Target target = AdminQuery.parse(
                            context.request().query(), AdminQuery.SUBJECT, AdminQuery.TOKEN, AdminQuery.JTI)
                    .requiredTarget();
            return access.run(loop, administrator, Action.READMIT, AuditLog.Target.of(target), () -> {
                int removed = revoking.readmit(target) ? 1 : 0;
                return CompletableFuture.completedStage(
                        new Outcome(JsonNodeFactory.instance.objectNode().put("removed", removed), removed));
            });
        });
    }
}
