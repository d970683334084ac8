package dev.herald.attack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;
import dev.herald.web.RawConnection;
import dev.herald.web.RawHttp2;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL M26 and invariant 7: secrets do not appear in the log, even at TRACE, in the access log, or in
 * health responses.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class SecretsTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = secret("topic");
    private final String otherTopic = "https://example.com/" + secret("alternate");
    private final String id = secret("id");
    private final String type = secret("type");
    private final String data = secret("data");
    private final String payload = secret("payload");
    private final String path = secret("path");
    private final String publisher = Tokens.publisher("*");
    private final String subscriber = Tokens.subscribers()
            .token(Tokens.claims("\"mercure\":{\"subscribe\":[\"*\"],\"payload\":\"" + payload + "\"}"));

    private static String secret(String what) {
        return what + UUID.randomUUID().toString().replace("-", "");
    }

    /** Secrets that must appear nowhere, by their kind. */
    private Map<String, String> secrets() {
        return Map.of(
                "topic", topic,
                "another topic", otherTopic.substring("https://example.com/".length()),
                "id", id,
                "type", type,
                "data", data,
                "payload", payload,
                "a publisher's token", signature(publisher),
                "a subscriber's token", signature(subscriber),
                "the key", Tokens.SUBSCRIBER_SECRET);
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    @Test
    void secretsAreNotLogged() {
        try (LogRecords records = LogRecords.ofEverything()) {
            EventStream stream = publishAndRead();
            refusals().forEach(refused -> assertThat(refused.get()).isBetween(400, 499));
            stream.close();
            Request.get("/q/health/live").send();
            eventually().untilAsserted(() -> assertThat(records.containing("/q/health/live"))
                    .as("last request")
                    .isNotEmpty());

            SoftAssertions all = new SoftAssertions();
            secrets()
                    .forEach((what, secret) ->
                            all.assertThat(records.containing(secret)).as(what).isEmpty());
            all.assertThat(records.containing(path))
                    .as("a path")
                    .isNotEmpty()
                    .allMatch(entry -> entry.startsWith("io.quarkus.http.access-log"));
            all.assertThat(records.containing("A request was rejected"))
                    .as("log lines at DEBUG")
                    .isNotEmpty();
            all.assertAll();
        }
    }

    /** Requests rejected before they reach a resource; each has the token in its URL and in its headers. */
    private List<String> invalidRequests() {
        List<String> requests = new ArrayList<>();
        for (String target : List.of(
                "/SSE",
                "/sse",
                "/",
                "/message",
                "/figures",
                "/nothing",
                "/q/health",
                Request.MERCURE,
                Request.MERCURE + "/subscriptions",
                "relative",
                "//",
                "http://a b",
                "http:/",
                "*",
                "/%zz",
                "/{a}")) {
            String line = "GET " + target + "?topic=" + topic + "&authorization=" + subscriber + " HTTP/1.1\r\n";
            String rest = "Authorization: Bearer " + publisher + "\r\nConnection: close\r\n\r\n";
            for (String host : List.of(
                    "",
                    "Host: \r\n",
                    "Host: a b\r\n",
                    "Host: u@h\r\n",
                    "Host: a:b:c\r\n",
                    "Host: a:x\r\n",
                    "Host: a\r\nHost: a\r\n",
                    "Host: {}\r\n")) {
                requests.add(line + host + rest);
            }
            requests.add(line + "Host: a\r\nTransfer-Encoding: gzip\r\n" + rest);
            requests.add(line + "Host: a\r\nContent-Length: " + subscriber + "\r\n" + rest);
            requests.add(line.replace("1.1", "9.9") + "Host: a\r\n" + rest);
            requests.add(line.replace("&", " ") + "Host: a\r\n" + rest);
            requests.add(line.replace("&", "\0") + "Host: a\r\n" + rest);
            requests.add(line + "Host: a\r\nX" + subscriber + "\r\n" + rest);
            requests.add(line.replace("GET", "BREW") + "Host: a\r\n" + rest);
        }
        return requests;
    }

    @Test
    void secretsOfInvalidRequestsAreNotLogged() throws IOException {
        try (LogRecords records = LogRecords.ofEverything()) {
            for (String request : invalidRequests()) {
                try (RawConnection connection = new RawConnection()) {
                    assertThat(connection.send(request).answer()).matches("(?s)HTTP/1\\.[01] [2345]\\d\\d .*");
                }
            }

            SoftAssertions all = new SoftAssertions();
            secrets()
                    .forEach((what, secret) ->
                            all.assertThat(records.containing(secret)).as(what).isEmpty());
            all.assertThat(records.containing("QuarkusErrorHandler")).isEmpty();
            all.assertAll();
        }
    }

    /** Frames by their fault; each has the token in its URL or in a wrong place. */
    private Map<String, byte[]> invalidFrames() {
        String path = "/SSE?topic=" + topic + "&authorization=" + subscriber;
        String posting = "/message?topic=" + topic + "&authorization=" + publisher;
        byte[] text = publisher.getBytes(StandardCharsets.ISO_8859_1);
        byte[] host = RawHttp2.field(":authority", "localhost");
        byte[] get = RawHttp2.request("GET", path, ":authority", "localhost");
        byte[] post = RawHttp2.headers(1, false, RawHttp2.request("POST", posting, ":authority", "localhost"));
        Map<String, byte[]> frames = new LinkedHashMap<>();
        for (String target : List.of(path, path.substring(1), "*" + path, path + " x", path + "\0", path + "\u00ff")) {
            for (String method : List.of("GET", "BREW", "G T", "CONNECT", "")) {
                frames.put(
                        method + " " + target,
                        RawHttp2.headers(1, true, RawHttp2.request(method, target, ":authority", "localhost")));
            }
        }
        for (String authority : List.of("", "a b", "u@h", "a:b:c", "a?" + subscriber)) {
            frames.put(
                    "authority " + authority,
                    RawHttp2.headers(1, true, RawHttp2.request("GET", path, ":authority", authority)));
            frames.put(
                    "host " + authority, RawHttp2.headers(1, true, RawHttp2.request("GET", path, "host", authority)));
        }
        frames.put("no authority", RawHttp2.headers(1, true, RawHttp2.request("GET", path)));
        frames.put(
                "CONNECT",
                RawHttp2.headers(
                        1, true, both(RawHttp2.field(":method", "CONNECT"), RawHttp2.field(":authority", "a" + path))));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(":path", path);
        fields.put(":authority", "other");
        fields.put(":status", "200");
        fields.put(":protocol", "websocket");
        fields.put(":" + subscriber, path);
        fields.put("X-Upper", subscriber);
        fields.put("x " + subscriber, "a");
        fields.put("", subscriber);
        fields.put("x", subscriber + "\n" + path + "\0");
        fields.put("connection", subscriber);
        fields.put("transfer-encoding", subscriber);
        fields.put("te", subscriber);
        fields.put("host", subscriber);
        fields.put("content-length", subscriber);
        fields.put("x-long", subscriber.repeat(66_000 / subscriber.length() + 1));
        fields.put("x-longer", subscriber.repeat(100_000 / subscriber.length() + 1));
        fields.forEach((name, value) ->
                frames.put("field " + name, RawHttp2.headers(1, true, both(get, RawHttp2.field(name, value)))));
        frames.put("path after a field", RawHttp2.headers(1, true, both(RawHttp2.field("x", "y"), get)));
        frames.put("no such index", RawHttp2.headers(1, true, both(get, new byte[] {-1, -1, -1, 127})));
        frames.put("no Huffman code", RawHttp2.headers(1, true, both(get, new byte[] {0, -125, -1, -1, -1, 1, 'a'})));
        frames.put(
                "a field that is cut off", RawHttp2.headers(1, true, both(get, both(new byte[] {0, 127, 127}, text))));
        frames.put("a late table size", RawHttp2.headers(1, true, both(get, new byte[] {63, -1, -1, 127})));
        frames.put("a stream of the hub's", RawHttp2.headers(2, true, get));
        frames.put("no stream", RawHttp2.headers(0, true, get));
        frames.put(
                "too much padding",
                RawHttp2.frame(RawHttp2.HEADERS, 8 | RawHttp2.END_HEADERS, 1, both(new byte[] {-1}, get)));
        frames.put(
                "too large a frame",
                RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, both(get, new byte[20_000])));
        frames.put(
                "data for a continuation",
                both(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, get), RawHttp2.frame(RawHttp2.DATA, 1, 1, text)));
        frames.put("a lone continuation", RawHttp2.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 1, get));
        frames.put("data of no stream", RawHttp2.frame(RawHttp2.DATA, 1, 1, text));
        frames.put("a promise", RawHttp2.frame(5, RawHttp2.END_HEADERS, 1, both(new byte[] {0, 0, 0, 2}, get)));
        frames.put("too long a ping", RawHttp2.frame(RawHttp2.PING, 0, 0, text));
        frames.put(
                "farewell",
                both(
                        RawHttp2.frame(RawHttp2.GOAWAY, 0, 0, both(new byte[8], text)),
                        RawHttp2.headers(1, true, both(host, get))));
        frames.put("settings", RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 2, 0, 0, 0, 7}));
        frames.put("trailers with a path", both(post, RawHttp2.headers(1, true, RawHttp2.field(":path", path))));
        frames.put("trailers without an end", both(post, RawHttp2.headers(1, false, RawHttp2.field("x", subscriber))));
        frames.put(
                "data that is too short",
                both(
                        RawHttp2.headers(
                                1,
                                false,
                                RawHttp2.request("POST", posting, ":authority", "localhost", "content-length", "5")),
                        RawHttp2.frame(RawHttp2.DATA, 1, 1, new byte[] {'h', 'i'})));
        frames.put("an end and a reset", both(RawHttp2.headers(1, true, get), RawHttp2.frame(3, 0, 1, new byte[4])));
        frames.put("no window", both(RawHttp2.headers(1, true, get), RawHttp2.frame(8, 0, 1, new byte[4])));
        return frames;
    }

    private static byte[] both(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** Each on a new connection, after a valid request and before an invalid PING. */
    @Test
    void secretsOfInvalidHttp2FramesAreNotLogged() throws IOException {
        byte[] last = RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[7]);
        try (LogRecords records = LogRecords.ofEverything()) {
            List<String> outcomes = new ArrayList<>();
            for (byte[] frames : invalidFrames().values()) {
                try (RawHttp2 connection = new RawHttp2()) {
                    connection.send(frames);
                    outcomes.add(connection.send(last).outcome(1));
                }
            }

            assertThat(outcomes).contains("200", "reset", "goaway", "400", "405", "431");
            assertThat(records.containing("DefaultPromise"))
                    .as("stacks of Netty")
                    .isEmpty();
            SoftAssertions all = new SoftAssertions();
            secrets()
                    .forEach((what, secret) ->
                            all.assertThat(records.containing(secret)).as(what).isEmpty());
            all.assertThat(records.containing("QuarkusErrorHandler")).isEmpty();
            all.assertThat(records.containing("Http2ConnectionHandler"))
                    .as("log lines of connections at DEBUG")
                    .isNotEmpty();
            all.assertAll();
        }
    }

    private EventStream publishAndRead() {
        EventStream stream = hub.open(
                Request.MERCURE + "?topic=" + topic + "&lastEventID=" + id + "&authorization=" + subscriber,
                Map.of("Cookie", "mercureAuthorization=" + subscriber));
        assertThat(stream.headers().get("Cache-Control")).contains("private");
        for (Request request : List.of(
                Request.publish().bearer(publisher),
                Request.of("POST", Request.MERCURE + "?authorization=" + publisher),
                Request.publish()
                        .header("Cookie", "mercureAuthorization=" + publisher)
                        .header("Origin", "http://localhost:" + HubClient.port()))) {
            assertThat(request.form(
                                    "topic",
                                    topic,
                                    "topic",
                                    otherTopic,
                                    "data",
                                    data,
                                    "id",
                                    id,
                                    "type",
                                    type,
                                    "private",
                                    "on")
                            .send()
                            .status())
                    .isEqualTo(200);
        }
        stream.awaitCount(3);
        EventStream again = hub.open(
                Request.MERCURE + "?topic=" + topic,
                Map.of("Authorization", "Bearer " + subscriber, "Last-Event-ID", id));
        assertThat(again.awaitCount(2).headers().get("Last-Event-ID")).isEqualTo(id);
        hub.open(Request.MERCURE + "?topic=" + path, Map.of("Authorization", "Bearer " + subscriber));
        // A stream's head may arrive shortly before the stream is listed.
        eventually().untilAsserted(() -> assertThat(Request.get(Request.MERCURE + "/subscriptions/" + path)
                        .bearer(subscriber)
                        .send()
                        .body())
                .contains(payload));
        return stream;
    }

    /** Invalid requests with the same secrets. */
    private List<Supplier<Integer>> refusals() {
        List<Request> requests = new ArrayList<>();
        String subscriptions = Request.MERCURE + "/subscriptions/" + path;
        String cut = "x." + signature(publisher);
        requests.add(Request.publish().bearer(cut).form("topic", topic, "data", data));
        requests.add(Request.publish().bearer(publisher + "x").form("topic", topic, "data", data));
        requests.add(
                Request.of("POST", Request.MERCURE + "?authorization=" + cut).form("topic", topic));
        requests.add(Request.publish().bearer(Tokens.publisher("other")).form("topic", topic, "data", data, "id", id));
        requests.add(Request.publish().bearer(publisher).form("topic", topic + "\n", "data", data));
        requests.add(Request.publish().bearer(publisher).form("topic", topic, "type", type + "\n", "data", data));
        requests.add(Request.publish().bearer(publisher).form("topic", topic, "id", "#" + id, "data", data));
        requests.add(Request.publish().bearer(publisher).form("topic", topic, "retry", data));
        requests.add(Request.publish()
                .bearer(publisher)
                .body("application/x-www-form-urlencoded", "topic=" + topic + "%FF&data=" + data));
        requests.add(Request.publish().bearer(publisher).body("application/" + data, data));
        requests.add(
                Request.of("POST", "/message?topic=" + topic).bearer(publisher).body("application/json", "{\"" + data));
        requests.add(Request.get(subscriptions));
        requests.add(Request.get(subscriptions).bearer(Tokens.subscriber("other")));
        requests.add(Request.get(subscriptions + "/" + path).bearer(subscriber));
        requests.add(Request.get(Request.MERCURE + "?topic=" + topic + "%0A&authorization=" + subscriber));
        requests.add(
                Request.get("/SSE?topic=" + topic + "&topic=" + data + "%0A").bearer(subscriber));
        requests.add(Request.get(Request.MERCURE + "/" + path));
        return requests.stream()
                .<Supplier<Integer>>map(request -> () -> request.send().status())
                .toList();
    }

    @Test
    void secretsAreNotInHealthResponses() {
        publishAndRead();
        SoftAssertions all = new SoftAssertions();

        for (String probe : List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/health/started")) {
            String text = Request.get(probe).send().text();
            secrets().forEach((what, secret) -> all.assertThat(text).as(what).doesNotContain(secret));
        }

        all.assertAll();
    }
}
