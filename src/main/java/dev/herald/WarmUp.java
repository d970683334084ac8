package dev.herald;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import jakarta.inject.Singleton;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.jboss.logging.Logger;

import dev.herald.auth.Access;
import dev.herald.http.AcceptedConnections;
import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.web.Rehearsal;

/**
 * Self-check at the start, before the port opens: does once what serving needs, so that its classes are loaded and
 * initialised while there are descriptors (decision 130). Publishes nothing in the log, and begins no subscription that
 * others could see.
 */
@Singleton
class WarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    private final Vertx vertx;
    private final Hub hub;
    private final Access access;
    private final SseConfig config;
    private final Rehearsal web;
    private final AcceptedConnections connections;

    WarmUp(Vertx vertx, Hub hub, Access access, SseConfig config, Rehearsal web, AcceptedConnections connections) {
        this.vertx = vertx;
        this.hub = hub;
        this.access = access;
        this.config = config;
        this.web = web;
        this.connections = connections;
    }

    /** Returns when all is done. A failure is a WARN: readiness says what does not work. */
    void run() {
        long begin = System.nanoTime();
        hub.presence().mute(true);
        String pass = access.issuePass();
        try {
            try (ScratchHub scratch = new ScratchHub(config)) {
                overHttp(scratch.hub(), pass);
                scratch.run(vertx);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("The self-check at the start failed. The hub serves, and loads late what it needs.", e);
        } finally {
            access.withdrawPass();
            hub.presence().mute(false);
        }
        LOG.debugf("The self-check has ended. millis=%d", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    private void overHttp(Hub scratch, String pass)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        // As Quarkus does before it opens the port, and read once by Vert.x: a pipeline that knows WebSockets is
        // another one.
        System.setProperty("vertx.disableWebsockets", "true");
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setIdleTimeout((int) LIMIT.toSeconds()))
                .requestHandler(web.publishingTo(scratch, VertxHttpRecorder.getRootHandler()));
        await(server.listen());
        connections.adopt().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        try {
            LoopbackClient client = new LoopbackClient(server.actualPort());
            for (String request : web.requests(pass)) {
                send(client, request);
            }
            awaitEndOfStreams();
        } finally {
            await(server.close());
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
