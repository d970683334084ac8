package dev.herald.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AttributeKey;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/**
 * Requests in progress on this node, for a shutdown that cuts none of them without an answer. Thread-safe.
 *
 * <p>After {@link #announceEnd()} the clients of active connections learn that they must use another one: HTTP/1.1
 * connections are closed after their next answer (RFC 9112 §9.6). HTTP/2 connections get GOAWAY with their next answer,
 * or when a stream ends. Requests that are already on their way are still served (RFC 9113 §6.8).
 */
@ApplicationScoped
public class RequestsInProgress {
    /** After the filter that drops requests behind a stream, which get no answer. */
    private static final int PRIORITY = 10_000;

    /** GOAWAY rejects the requests with higher stream numbers than this: none. */
    private static final int LAST_STREAM = Integer.MAX_VALUE;

    /** Before the JDK 24, this client fails all its requests at a GOAWAY (JDK-8335181). */
    private static final String JAVA_CLIENT = "Java-http-client/";

    private static final String CLOSE = "close";
    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();
    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

    /** Set when a connection is closed after its last answer. */
    private static final AttributeKey<Boolean> CLOSED = AttributeKey.valueOf(RequestsInProgress.class, "CLOSED");

    private final BodyReader bodies;
    private final Set<RoutingContext> requests = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    RequestsInProgress(BodyReader bodies) {
        this.bodies = bodies;
    }

    void register(@Observes Filters filters) {
        filters.register(this::track, PRIORITY);
    }

    private void track(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() != HttpVersion.HTTP_2
                && connection(request).channel().hasAttr(CLOSED)) {
            // Pipelined behind the last answer: it would get none, so it must change nothing (RFC 9112 §9.6).
            return;
        }
        requests.add(context);
        context.addHeadersEndHandler(head -> headWritten(context));
        // A blocking route, such as that of metrics, answers on a worker thread.
        context.addEndHandler(ended -> RequestLoop.run(request, () -> ended(context, ended.succeeded())));
        context.next();
    }

    private void headWritten(RoutingContext context) {
        announceEnd(context.request());
        if (isStream(context.response())) {
            // It may last for days, and has its own end: its request must not be kept as long.
            requests.remove(context);
        }
    }

    /** Announces to clients, with their next answer, that their connections end. */
    public void announceEnd() {
        ending = true;
    }

    private void announceEnd(HttpServerRequest request) {
        if (!ending) {
            return;
        }
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader(HttpHeaders.CONNECTION, CLOSE);
        } else if (!goAwaySent(request) && !isJavaClient(request)) {
            request.connection().goAway(Http2Error.NO_ERROR.code(), LAST_STREAM);
        }
    }

    private void ended(RoutingContext context, boolean answered) {
        requests.remove(context);
        HttpServerRequest request = context.request();
        if (answered && !request.isEnded()) {
            // Not after a disconnect: it must reach the reader of the body.
            bodies.discardRest(request, () -> end(request));
        } else {
            end(request);
        }
    }

    /** Ends the connection of a request that is answered and complete, if the hub stops. */
    private void end(HttpServerRequest request) {
        if (!ending) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            announceEnd(request);
        } else if (closes(request.response()) && !isStream(request.response())) {
            // A stream ends its connection itself.
            connection(request).channel().attr(CLOSED).set(true);
            request.connection().close();
        }
    }

    /** Whether the answer has announced the end of the connection: else the client may be sending its next request. */
    private static boolean closes(HttpServerResponse response) {
        return CLOSE.equals(response.headers().get(HttpHeaders.CONNECTION));
    }

    private static boolean isStream(HttpServerResponse response) {
        String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
        return type != null && type.startsWith("text/event-stream");
    }

    private static boolean goAwaySent(HttpServerRequest request) {
        Http2ConnectionHandler handler =
                connection(request).channel().pipeline().get(Http2ConnectionHandler.class);
        return handler == null || handler.connection().goAwaySent();
    }

    private static boolean isJavaClient(HttpServerRequest request) {
        String client = request.getHeader(HttpHeaders.USER_AGENT);
        return client != null && client.startsWith(JAVA_CLIENT);
    }

    private static ConnectionBase connection(HttpServerRequest request) {
        return (ConnectionBase) request.connection();
    }

    /**
     * Waits until all requests are answered. Those whose body is still incomplete after the grace period are rejected
     * with 503; they have published nothing. Blocks the calling thread.
     *
     * @return number of requests that have no answer yet
     */
    public int finish(Duration grace) {
        if (!await(requests::isEmpty, grace)) {
            bodies.rejectIncomplete();
            await(requests::isEmpty, LAST_ANSWERS);
        }
        return requests.size();
    }

    private static boolean await(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }
}
