package dev.herald.web.admin;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.http.Credentials;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.log.EventLogException;
import dev.herald.log.UnknownOutcomeException;
import dev.herald.stats.AdminActions.Action;
import dev.herald.web.admin.Revoking.NotKeptException;

/**
 * Access control of the administration, and the thread on which its actions run. They run one after the other, block no
 * event loop, and use one core at most. Thread-safe.
 */
@ApplicationScoped
class AdminAccess {
    private static final Logger LOG = Logger.getLogger(AdminAccess.class);
    private static final int MAX_WAITING = 16;
    private static final long IDLE_SECONDS = 30;

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final AdminPort port;
    private final AuditLog audit;
    private final ExecutorService worker;

    AdminAccess(Authenticator authenticator, Credentials credentials, AdminPort port, AuditLog audit) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.port = port;
        this.audit = audit;
        this.worker = worker();
    }

    /** One thread, while there is work. */
    private static ExecutorService worker() {
        ThreadPoolExecutor worker = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "herald-admin");
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }

    @PreDestroy
    void close() {
        worker.shutdownNow();
    }

    /** Whether there is an administration for this request: a key of administrators, and the right port. */
    boolean exists(RoutingContext context) {
        return authenticator.administrable() && port.serves(context);
    }

    /**
     * Authenticates the caller. Must be called on the request's event loop, on which it completes.
     *
     * @return fails with the reason of rejection
     */
    CompletionStage<Administrator> authenticate(RoutingContext context, RequestLoop loop) {
        HttpServerRequest request = context.request();
        if (!exists(context)) {
            throw new NotFoundException();
        }
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Optional<String> token = credentials.ofAdministrator(request);
        return loop.onLoop(authenticator.administrator(token))
                .thenApply(grants -> new Administrator(requireGrant(grants).identity(token)));
    }

    private static Grants requireGrant(Grants grants) {
        if (!grants.admin()) {
            throw new RequestRejectedException(
                    ProblemType.INSUFFICIENT_SCOPE,
                    "The token's 'mercure.admin' is not true: it does not allow to administer the hub.");
        }
        return grants;
    }

    /**
     * Runs an action of an administrator on the thread of the administration, and writes its line in the audit log.
     *
     * @param target what it concerns, as for {@link AuditLog#record}
     * @param work may block for a moment
     * @return completes on the request's event loop
     */
    CompletionStage<RestResponse<JsonNode>> run(
            RequestLoop loop,
            Administrator administrator,
            Action action,
            AuditLog.Target target,
            Supplier<CompletionStage<Outcome>> work) {
        CompletionStage<Outcome> outcome;
        try {
            outcome = CompletableFuture.supplyAsync(work, worker).thenCompose(stage -> stage);
        } catch (RejectedExecutionException e) {
            outcome = CompletableFuture.failedStage(new RequestRejectedException(
                    ProblemType.OVERLOADED,
                    MAX_WAITING + " actions of administrators wait already. Retry in a moment."));
        }
        return loop.onLoop(outcome.whenComplete((done, failure) ->
                                audit.record(administrator, action, target, Optional.ofNullable(done), failure))
                        .exceptionallyCompose(failure -> CompletableFuture.failedStage(explained(failure))))
                .thenApply(done -> RestResponse.ok(done.body()));
    }

    /** A failure of the log for which there is no better explanation. */
    private static Throwable explained(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean unexplained = cause instanceof NotKeptException
                || cause instanceof UnknownOutcomeException
                || cause.getClass().equals(EventLogException.class);
        if (!unexplained) {
            return cause;
        }
        LOG.debug("The log failed to carry out an action of an administrator.", cause);
        if (cause instanceof NotKeptException) {
            return new RequestRejectedException(ProblemType.LOG_UNAVAILABLE, cause.getMessage());
        }
        return new RequestRejectedException(
                ProblemType.LOG_UNAVAILABLE,
                "The log failed before this was done, or all of it. Repeat it when the log is available again.");
    }
}
