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
import dev.herald.http.AcceptedConnections;
import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.web.Rehearsal;

/**
 * Self-check at the start: does once what serving needs, so that its classes are loaded and initialised (decision 130). What
 * streams need is done before the port opens, all else while the hub serves already; it is ready when both are done.
 * Publishes nothing in the log, and begins no subscription that others could see.
 */
@Singleton
class WarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    private final Vertx vertx;
    private final Hub hub;
    private final Authenticator authenticator;
    private final SseConfig config;
    private final Rehearsal web;
    private final AcceptedConnections connections;
    private volatile Thread rest;
    private volatile boolean running;

    WarmUp(
            Vertx vertx,
            Hub hub,
            Authenticator authenticator,
            SseConfig config,
            Rehearsal web,
            AcceptedConnections connections) {
        this.vertx = vertx;
        this.hub = hub;
        this.authenticator = authenticator;
        this.config = config;
        this.web = web;
        this.connections = connections;
    }

    /** Whether it has begun and not ended. Thread-safe. */
    boolean running() {
        return running;
    }

    /**
     * Does what streams need, and lets a thread of its own do the rest. A failure is a WARN: readiness says what does not
     * work.
     */
    void run() {
        running = true;
        long begin = System.nanoTime();
        ScratchHub scratch = new ScratchHub(config);
        // As Quarkus does before it opens the port, and read once by Vert.x: a pipeline that knows WebSockets is
        // another one.
        System.setProperty("vertx.disableWebsockets", "true");
        // The one server of the self-check: another one that came while the hub opens its port would be taken for that.
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setIdleTimeout((int) LIMIT.toSeconds()))
                .requestHandler(web.publishingTo(scratch.hub(), VertxHttpRecorder.getRootHandler()));
        hub.presence().mute(true);
        check(() -> {
            await(server.listen());
            connections.adopt().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            send(server, web::streams);
            awaitEndOfStreams();
        });
        hub.presence().mute(false);
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

    /** A process that stops waits for no self-check. */
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
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("The self-check at the start failed. The hub serves, and loads late what it needs.", e);
        }
    }

    /** A part of the self-check. */
    private interface Check {
        void run() throws IOException, InterruptedException, ExecutionException, TimeoutException;
    }

    /** Sends requests, one after the other. */
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

    /** One that fails keeps no other from loading what it needs. */
    private static void send(LoopbackClient client, String request) {
        try {
            // A stream of Mercure begins without a block.
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
