package dev.herald.attack;

import java.io.IOException;
import java.util.ArrayList;
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

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is private does not come out by the side: into the log, were it at TRACE, the access log, or the probes (M26, and the
 * design's invariant 7).
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

    /** What may be found nowhere, by what it is. */
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
    void areNotLogged() {
        try (Records records = Records.ofEverything()) {
            EventStream stream = publishAndRead();
            refusals().forEach(refused -> assertThat(refused.get()).isBetween(400, 499));
            stream.close();
            Request.get("/q/health/live").send();
            eventually().untilAsserted(() -> assertThat(records.containing("/q/health/live"))
                    .as("the last request")
                    .isNotEmpty());

            SoftAssertions all = new SoftAssertions();
            secrets()
                    .forEach((what, secret) ->
                            all.assertThat(records.containing(secret)).as(what).isEmpty());
            all.assertThat(records.containing(path))
                    .as("a path")
                    .isNotEmpty()
                    .allMatch(entry -> entry.startsWith("io.quarkus.http.access-log"));
            all.assertThat(records.containing("A request was refused"))
                    .as("what is logged at DEBUG")
                    .isNotEmpty();
            all.assertAll();
        }
    }

    /** Requests that are rejected before a resource sees them; each has the token in its URL, and in its headers. */
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
    void areNotLoggedForInvalidRequests() throws IOException {
        try (Records records = Records.ofEverything()) {
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
        // A stream's head may be read a moment before the stream is listed.
        eventually().untilAsserted(() -> assertThat(Request.get(Request.MERCURE + "/subscriptions/" + path)
                        .bearer(subscriber)
                        .send()
                        .body())
                .contains(payload));
        return stream;
    }

    /** Requests with the same secrets that something is wrong with. */
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
    void areNotToldByTheProbes() {
        publishAndRead();
        SoftAssertions all = new SoftAssertions();

        for (String probe : List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/health/started")) {
            String text = Request.get(probe).send().text();
            secrets().forEach((what, secret) -> all.assertThat(text).as(what).doesNotContain(secret));
        }

        all.assertAll();
    }
}
