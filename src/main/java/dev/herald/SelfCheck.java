package dev.herald;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.jboss.logging.Logger;

import dev.herald.auth.Authenticator;
import dev.herald.connection.AcceptedConnections;
import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.presence.ActiveSubscriptions;

/**
 * Self-check at the start: exercises each kind of request once, so that its classes are loaded and initialised
 * (decision 130). Streams are checked before the port opens, all else while the hub already serves. It is ready when
 * both are done. Publishes nothing in the log, and begins no subscription that others can see.
 */
@Singleton
class SelfCheck {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final Logger LOG = Logger.getLogger(SelfCheck.class);

    private final Vertx vertx;
    private final Hub hub;
    private final ActiveSubscriptions subscriptions;
    private final Authenticator authenticator;
    private final SseConfig config;
    private final SelfCheckRequests web;
    private final AcceptedConnections connections;
    private volatile Thread rest;
    private volatile boolean running;

    SelfCheck(
            Vertx vertx,
            Hub hub,
            ActiveSubscriptions subscriptions,
            Authenticator authenticator,
            SseConfig config,
            SelfCheckRequests web,
            AcceptedConnections connections) {
        this.vertx = vertx;
        this.hub = hub;
        this.subscriptions = subscriptions;
        this.authenticator = authenticator;
        this.config = config;
        this.web = web;
        this.connections = connections;
    }

    /** Whether the self-check is in progress. Thread-safe. */
    boolean running() {
        return running;
    }

    /**
     * Checks streams, and starts a thread for the rest. A failure is logged as WARN: the health checks report what does
     * not work.
     */
    void run() {
        running = true;
        long begin = System.nanoTime();
        ScratchHub scratch = new ScratchHub(config);
        AcceptedConnections.disableWebSockets();
        // The only server of the self-check: a second one, opened later, could be mistaken for the hub's own.
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setIdleTimeout((int) LIMIT.toSeconds()))
                .requestHandler(web.publishingTo(scratch.hub(), VertxHttpRecorder.getRootHandler()));
        subscriptions.suspend(true);
        check(() -> {
            await(server.listen());
            connections.installNow().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            send(server, web::streams);
            awaitEndOfStreams();
        });
        subscriptions.suspend(false);
        LOG.debugf("Streams have been checked. millis=%d", millisSince(begin));
        rest = new Thread(() -> checkRest(server, scratch), "herald-self-check");
        rest.setDaemon(true);
        rest.start();
    }

    private void checkRest(HttpServer server, ScratchHub scratch) {
        long begin = System.nanoTime();
        check(() -> {
            try (scratch) {
                send(server, web::others);
                scratch.run(vertx);
            } finally {
                await(server.close());
            }
        });
        running = false;
        LOG.debugf("The self-check has ended. millis=%d", millisSince(begin));
    }

    /** Interrupts the self-check on shutdown. */
    void stop(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        if (rest != null) {
            rest.interrupt();
            rest.join(LIMIT.toMillis());
        }
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private static void check(Check check) {
        try {
            check.run();
        } catch (InterruptedException e) {
            LOG.debug("The self-check was interrupted.");
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException | Error e) {
            LOG.warn(
                    "The self-check at the start failed. The hub serves, and loads the missing classes when they"
                            + " are first used.",
                    e);
        }
    }

    /** A part of the self-check. */
    private interface Check {
        void run() throws IOException, InterruptedException, ExecutionException, TimeoutException;
    }

    /** Sends requests sequentially. */
    private void send(HttpServer server, Function<String, List<String>> requests) {
        try {
            LoopbackClient client = new LoopbackClient(server.actualPort());
            for (String request : requests.apply(authenticator.issueSelfCheckToken())) {
                send(client, request);
            }
        } finally {
            authenticator.revokeSelfCheckToken();
        }
    }

    /** Sends a request. Its failure does not prevent the next ones. */
    private static void send(LoopbackClient client, String request) {
        try {
            // A Mercure stream has no initial block.
            client.send(request, !request.startsWith("GET /.well-known"));
        } catch (IOException e) {
            LOG.warnf(
                    "A request of the self-check at the start failed. request=%s reason=%s",
                    request.lines().findFirst().orElse(""), e);
        }
    }

    private void awaitEndOfStreams() {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (hub.subscribers() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
