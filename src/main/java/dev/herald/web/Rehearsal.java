package dev.herald.web;

import java.util.List;

import jakarta.inject.Singleton;

import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Authenticator;
import dev.herald.event.Frame;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;

/** Requests of the self-check at the start, one of each kind: streams, refusals, probes; and publishing to a hub apart. */
@Singleton
public class Rehearsal {
    private static final String PUBLISH = "/self-check";
    private static final int LARGE = 1_000;
    private static final String ALWAYS = "Host: localhost\r\nConnection: close\r\n";

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final BodyReader bodies;
    private final HubPaths paths;
    private final WebConfig config;
    private final Outlets outlets;
    private final HeapShares heap;

    Rehearsal(
            Authenticator authenticator,
            Credentials credentials,
            BodyReader bodies,
            HubPaths paths,
            WebConfig config,
            Outlets outlets,
            HeapShares heap) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.bodies = bodies;
        this.paths = paths;
        this.config = config;
        this.outlets = outlets;
        this.heap = heap;
    }

    /** Publishes to {@code hub} what comes for it, and leaves all other requests to {@code rest}. */
    public Handler<HttpServerRequest> publishingTo(Hub hub, Handler<HttpServerRequest> rest) {
        Publishing publishing = new Publishing(hub, authenticator, credentials, bodies, paths, heap);
        MessageResource messages =
                new MessageResource(publishing, new Streams(hub, authenticator, credentials, outlets, heap), config);
        MercureResource mercure =
                new MercureResource(publishing, new Streams(hub, authenticator, credentials, outlets, heap));
        return request -> {
            encode();
            if (!request.path().equals(PUBLISH)) {
                rest.handle(request);
                return;
            }
            (request.query() == null ? mercure.publish(request) : messages.publish(request))
                    .subscribe()
                    .with(answer -> request.response().end(answer.getEntity()), failure -> request.response()
                            .end(String.valueOf(failure.getMessage())));
        };
    }

    /** What is shared by several streams is coded otherwise than what one stream gets. */
    private static void encode() {
        List<Frame> frames = List.of(Frame.builder().data("x".repeat(LARGE)).build());
        for (ContentCoding coding : ContentCoding.values()) {
            FrameCoder coder = coding.coder(ByteBufAllocator.DEFAULT);
            coder.chunk(frames, true).release();
            coder.close();
        }
    }

    /** Requests for streams, and what else may open one; each goes over a connection of its own. */
    public List<String> streams(String token) {
        String bearer = bearer(token);
        return List.of(
                get("GET", "/SSE?topic=a%2F%7Bb%7D&topic=c", bearer),
                get("GET", "/SSE?topic=self-check", bearer + "Accept-Encoding: gzip\r\n"),
                get("GET", "/SSE?topic=self-check", bearer + "Last-Event-ID: urn:herald:self-check\r\n"),
                get("GET", "/SSE?topic=self-check&since=1", bearer),
                get("GET", HubPaths.MERCURE + "?topic=self-check", bearer + "Last-Event-ID: earliest\r\n"),
                "GET /SSE?topic=self-check HTTP/1.0\r\n" + bearer + "\r\n",
                get("GET", "/SSE", "Authorization: Bearer none\r\n"),
                get("GET", "/SSE", "Cookie: name=value\r\n"));
    }

    /** One request of each other kind: updates for the hub apart, refusals, probes. None opens a stream. */
    public List<String> others(String token) {
        String bearer = bearer(token);
        return List.of(
                post(PUBLISH + "?topic=self-check", bearer, "application/json", "{\"a\": [1, \"é\"]}"),
                post(
                        PUBLISH,
                        bearer,
                        "application/x-www-form-urlencoded",
                        "topic=self-check&data=a%20b&private=on&id=1"),
                post(PUBLISH + "?topic=self-check", bearer, "text/plain", "a"),
                // What goes to the node's own resources must be rejected: it would be published to real subscribers.
                post("/message", bearer, "application/json", "{"),
                post("/message?topic=", bearer, "application/json", "{}"),
                post("/message", bearer, "text/plain;charset=none", "a"),
                post(HubPaths.MERCURE, bearer, "application/x-www-form-urlencoded", "a=b"),
                get("DELETE", "/message", ""),
                get("GET", "/SSE", bearer + "Accept: text/plain\r\n"),
                get("GET", "/SSE?topic=%00", bearer + "Origin: http://localhost\r\n"),
                get("OPTIONS", "/message", "Origin: http://localhost\r\nAccess-Control-Request-Method: POST\r\n"),
                get("GET", "/nothing", ""),
                get("HEAD", "/SSE", bearer),
                get("GET", HubPaths.SUBSCRIPTIONS, bearer),
                get("GET", "/q/health/ready", ""),
                get("GET", "/q/health/live", ""),
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n");
    }

    private static String get(String method, String uri, String headers) {
        return method + " " + uri + " HTTP/1.1\r\n" + ALWAYS + headers + "\r\n";
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static String post(String uri, String bearer, String type, String body) {
        return get("POST", uri, bearer + "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n")
                + body;
    }
}
