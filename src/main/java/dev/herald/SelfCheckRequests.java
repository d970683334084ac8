package dev.herald;

import java.util.List;

import jakarta.inject.Singleton;

import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Authenticator;
import dev.herald.event.Frame;
import dev.herald.http.BodyReader;
import dev.herald.http.Credentials;
import dev.herald.http.HttpConfig;
import dev.herald.http.HubPaths;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.stream.ContentCoding;
import dev.herald.stream.FrameCoder;
import dev.herald.stream.OutletFactory;
import dev.herald.web.Publishing;
import dev.herald.web.Streams;
import dev.herald.web.mercure.MercureResource;
import dev.herald.web.quick.MessageResource;

/** Requests of the self-check, one of each kind: streams, rejections, probes, and publishing to a separate hub. */
@Singleton
class SelfCheckRequests {
    private static final String PUBLISH = "/self-check";
    private static final int LARGE = 1_000;
    private static final String ALWAYS = "Host: localhost\r\nConnection: close\r\n";

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final BodyReader bodies;
    private final HubPaths paths;
    private final HttpConfig config;
    private final OutletFactory outlets;
    private final HeapShares heap;

    SelfCheckRequests(
            Authenticator authenticator,
            Credentials credentials,
            BodyReader bodies,
            HubPaths paths,
            HttpConfig config,
            OutletFactory outlets,
            HeapShares heap) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.bodies = bodies;
        this.paths = paths;
        this.config = config;
        this.outlets = outlets;
        this.heap = heap;
    }

    /** Publishes updates for {@code hub} to it, and passes all other requests to {@code rest}. */
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

    /** Encodes frames as for several streams, which differs from frames for one stream. */
    private static void encode() {
        List<Frame> frames = List.of(Frame.builder().data("x".repeat(LARGE)).build());
        for (ContentCoding coding : ContentCoding.values()) {
            FrameCoder coder = coding.coder(ByteBufAllocator.DEFAULT);
            coder.chunk(frames, true).release();
            coder.close();
        }
    }

    /** Requests for streams and all others that may open one; each uses its own connection. */
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

    /** One request of each other kind: updates for the separate hub, rejections, probes. None opens a stream. */
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
                // Updates to the node's own resources must be rejected: else they would reach real subscribers.
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
