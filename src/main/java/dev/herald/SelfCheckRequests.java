package dev.herald;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.inject.Singleton;

import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Authenticator;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventJson;
import dev.herald.event.EventType;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.BodyReader;
import dev.herald.http.Clients;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.PublishMeter;
import dev.herald.hub.Hub;
import dev.herald.identity.Revocations;
import dev.herald.memory.HeapShares;
import dev.herald.roster.Roster;
import dev.herald.stream.ContentCoding;
import dev.herald.stream.FrameCoder;
import dev.herald.stream.OutletFactory;
import dev.herald.tracing.Tracing;
import dev.herald.web.AnswerMemory;
import dev.herald.web.AnswerSender;
import dev.herald.web.Publishing;
import dev.herald.web.RosteredStreams;
import dev.herald.web.Streams;
import dev.herald.web.SubscriptionForm;
import dev.herald.web.mercure.MercureDialect;
import dev.herald.web.mercure.MercureResource;
import dev.herald.web.quick.MessageResource;
import dev.herald.web.quick.QuickDialect;
import dev.herald.web.quick.UpdatesResource;

/** Requests of the self-check, one of each kind: streams, rejections, probes, and publishing to a separate hub. */
@Singleton
class SelfCheckRequests {
    private static final String PUBLISH = "/self-check";
    private static final String PUBLISH_ALL = "/self-check/all";

    /** JSON with an é in UTF-8, one character a byte, as requests are written. */
    private static final String DATA = "{\"a\": [1, \"\u00C3\u00A9\"]}";

    private static final String UPDATE = "{\"topic\": \"self-check\", \"data\": " + DATA + "}";
    private static final int LARGE = 1_000;
    /** The requests are the hub's own, and are not traced. */
    private static final String UNSAMPLED = "traceparent: 00-00000000000000000000000000000001-0000000000000001-00\r\n";

    private static final String ALWAYS = "Host: localhost\r\nConnection: close\r\n" + UNSAMPLED;

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final Clients clients;
    private final PublishMeter meter;
    private final BodyReader bodies;
    private final HubPaths paths;
    private final QuickDialect quick;
    private final MercureDialect mercure;
    private final OutletFactory outlets;
    private final AnswerSender sender;
    private final HeapShares heap;

    SelfCheckRequests(
            Authenticator authenticator,
            Credentials credentials,
            Clients clients,
            PublishMeter meter,
            BodyReader bodies,
            HubPaths paths,
            QuickDialect quick,
            MercureDialect mercure,
            OutletFactory outlets,
            AnswerSender sender,
            HeapShares heap) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.clients = clients;
        this.meter = meter;
        this.bodies = bodies;
        this.paths = paths;
        this.quick = quick;
        this.mercure = mercure;
        this.outlets = outlets;
        this.sender = sender;
        this.heap = heap;
    }

    /** Publishes updates for {@code hub} to it, and passes all other requests to {@code rest}. */
    public Handler<HttpServerRequest> publishingTo(Hub hub, Handler<HttpServerRequest> rest) {
        Publishing publishing =
                new Publishing(hub, authenticator, credentials, meter, bodies, paths, Tracing.OFF, heap);
        Streams streams = new Streams(
                hub,
                authenticator,
                credentials,
                clients,
                new SubscriptionForm(bodies),
                outlets,
                new RosteredStreams(hub, clients, new Roster(false, Clock.systemUTC()), Revocations.none()),
                heap);
        MessageResource messages = new MessageResource(publishing, streams, quick);
        MercureResource forms = new MercureResource(publishing, streams, mercure);
        UpdatesResource batches = new UpdatesResource(publishing, sender, heap);
        return request -> {
            encode();
            if (request.path().equals(PUBLISH_ALL)) {
                publish(request, batches);
            } else if (request.path().equals(PUBLISH)) {
                (request.query() == null ? forms.publish(request) : messages.publish(request))
                        .subscribe()
                        .with(
                                answer -> request.response().end(answer.getEntity()),
                                failure -> reject(request, failure));
            } else {
                rest.handle(request);
            }
        };
    }

    private void publish(HttpServerRequest request, UpdatesResource batches) {
        AnswerMemory memory = new AnswerMemory(heap.documents());
        batches.publish(request, memory).subscribe().with(ids -> sender.send(request, ids, memory), failure -> {
            memory.close();
            reject(request, failure);
        });
    }

    private static void reject(HttpServerRequest request, Throwable failure) {
        request.response().end(String.valueOf(failure.getMessage()));
    }

    /** Encodes frames as for several streams, which differs from frames for one stream, and an event as JSON. */
    private static void encode() {
        List<Frame> frames = List.of(Frame.builder().data("x".repeat(LARGE)).build());
        for (ContentCoding coding : ContentCoding.values()) {
            FrameCoder coder = coding.coder(ByteBufAllocator.DEFAULT);
            coder.chunk(frames, true).release();
            coder.close();
        }
        Update update = new Update(
                List.of(new Topic("self-check")),
                "\u00E9",
                false,
                Optional.empty(),
                Optional.of(new EventType("self-check")),
                OptionalLong.empty());
        EventJson.of(Event.of(1, new EventId("self-check"), Instant.EPOCH, false, update))
                .toBytes();
    }

    /** Requests for streams and all others that may open one; each uses its own connection. */
    public List<String> streams(String token) {
        String bearer = bearer(token);
        return List.of(
                get("GET", "/SSE?topic=a%2F%7Bb%7D&topic=c", bearer),
                get("GET", "/SSE?topic=self-check", bearer + "Accept-Encoding: gzip\r\n"),
                get("GET", "/SSE?topic=self-check", bearer + "Last-Event-ID: urn:herald:self-check\r\n"),
                get("GET", "/SSE?topic=self-check&since=1", bearer),
                get("GET", "/SSE?topic=self-check&since=latest", bearer),
                form("POST", "/SSE?envelope=1", bearer, "topic=self-check&since=1"),
                form("QUERY", "/SSE", bearer, "topic=self-check"),
                get("GET", HubPaths.MERCURE + "?topic=self-check", bearer + "Last-Event-ID: earliest\r\n"),
                "GET /SSE?topic=self-check HTTP/1.0\r\n" + UNSAMPLED + bearer + "\r\n",
                get("GET", HubPaths.UPDATES + "?topic=self-check&wait=1ms", bearer),
                get("GET", HubPaths.UPDATES + "?topic=self-check&limit=1", bearer + "If-None-Match: *\r\n"),
                get("GET", HubPaths.UPDATES + "?topic=self-check", bearer + "Accept: application/x-ndjson\r\n"),
                get("GET", "/SSE", "Authorization: Bearer none\r\n"),
                get("GET", "/SSE", "Cookie: name=value\r\n"));
    }

    /** One request of each other kind: updates for the separate hub, rejections, probes. None opens a stream. */
    public List<String> others(String token) {
        String bearer = bearer(token);
        return List.of(
                post(PUBLISH + "?topic=self-check", bearer, "application/json", DATA),
                post(
                        PUBLISH,
                        bearer,
                        "application/x-www-form-urlencoded",
                        "topic=self-check&data=a%20b&private=on&id=1"),
                post(PUBLISH + "?topic=self-check", bearer, "text/plain", "a"),
                post(PUBLISH_ALL, bearer + "Idempotency-Key: self-check\r\n", "application/json", "[" + UPDATE + "]"),
                post(PUBLISH_ALL, bearer, "application/x-ndjson", UPDATE + "\n" + UPDATE),
                // Updates to the node's own resources must be rejected: else they would reach real subscribers.
                post("/message", bearer, "application/json", "{"),
                post("/message?topic=", bearer, "application/json", "{}"),
                post("/message", bearer, "text/plain;charset=none", "a"),
                post(HubPaths.UPDATES, bearer, "application/json", "[{"),
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
                get("GET", "/q/metrics", ""),
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
        return send("POST", uri, bearer, type, body);
    }

    private static String form(String method, String uri, String bearer, String body) {
        return send(method, uri, bearer, "application/x-www-form-urlencoded", body);
    }

    private static String send(String method, String uri, String bearer, String type, String body) {
        return get(method, uri, bearer + "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n")
                + body;
    }
}
