package dev.herald.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.connection.AcceptedConnections;
import dev.herald.limit.MovingTicker;
import dev.herald.log.CapturedErrors;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the limits of clients over HTTP, on a clock that stands still unless a test moves it. Each test has clients of
 * its own, whose addresses the test names as a trusted proxy does.
 */
@QuarkusTest
@TestProfile(LimitsTest.Limited.class)
class LimitsTest {
    private static final String MERCURE = "/.well-known/mercure";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    /** Of an update in the URL-encoded form of both surfaces; the quick API ignores no field. */
    private static final Buffer MESSAGE = Buffer.buffer("message=x");

    /** Test profile with limits; a burst is 2 s. */
    public static final class Limited extends TlsProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("herald.publish.max-body", "100K");
            settings.put("herald.limits.trusted-proxies", "127.0.0.1, ::1/128");
            settings.put("herald.limits.burst", "2s");
            settings.put("herald.limits.subject.updates-per-second", "1");
            settings.put("herald.limits.subject.streams", "1");
            settings.put("herald.limits.address.updates-per-second", "2");
            settings.put("herald.limits.address.bytes-per-second", "1000");
            settings.put("herald.limits.address.streams", "2");
            settings.put("herald.limits.address.connections", "8");
            return settings;
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(TestTicker.class);
        }
    }

    /** Time of the hub's limits. */
    @Alternative
    @Singleton
    static class TestTicker extends MovingTicker {}

    @RegisterExtension
    final HubClient hub = new HubClient();

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.http.Clients");

    @RegisterExtension
    final CapturedErrors closed = new CapturedErrors("dev.herald.connection.AddressBound", Level.INFO);

    @Inject
    TestTicker ticker;

    @Inject
    AcceptedConnections connections;

    /** IPv4 address of the test's own client. */
    private final String address = "198.51.100." + ADDRESSES.incrementAndGet();

    private static Map<String, String> from(String address) {
        return Map.of("X-Forwarded-For", address);
    }

    private static Map<String, String> and(Map<String, String> headers, String name, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(name, value);
        return all;
    }

    private static Map<String, String> bearer(String subject, String address) {
        String claims = "{\"sub\":\"" + subject + "\",\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}}";
        return and(
                from(address),
                "Authorization",
                "Bearer " + TokenMint.wellKnown().token(claims));
    }

    private Answer publish(Map<String, String> headers) {
        return publish("/message?topic=" + address, headers);
    }

    private Answer publish(String uri, Map<String, String> headers) {
        return hub.send(HttpMethod.POST, uri, and(headers, "Content-Type", FORM), MESSAGE);
    }

    private Answer publishByMercure(Map<String, String> headers) {
        return hub.send(
                HttpMethod.POST,
                MERCURE,
                and(headers, "Content-Type", FORM),
                Buffer.buffer("topic=" + address + "&data=x"));
    }

    private void exhaust(Map<String, String> headers) {
        Answer last = publish(headers);
        while (last.status() == 200) {
            last = publish(headers);
        }
        assertThat(last.status()).isEqualTo(429);
    }

    @Test
    void updateBeyondTheRateIsRejectedWith429AndPublishesNothing() {
        EventStream stream =
                hub.open("/SSE?topic=" + address, from("192.0.2.1")).awaitCount(1);
        Answer first = publish(from(address));
        publishByMercure(from(address));
        publish(from(address));
        Answer last = publishByMercure(from(address));

        Answer rejected = publish(from(address));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("RateLimit-Policy"))
                .isEqualTo("\"address-updates\";q=4;w=2, \"address-bytes\";q=167936;qu=\"content-bytes\";w=168");
        assertThat(first.header("RateLimit"))
                .matches("\"address-updates\";r=3;t=1, \"address-bytes\";r=167[89]\\d\\d;t=1");
        assertThat(last.status()).isEqualTo(200);
        assertThat(last.header("RateLimit")).startsWith("\"address-updates\";r=0;t=2, ");
        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.header("Retry-After")).isEqualTo("1");
        assertThat(rejected.header("RateLimit-Policy")).isEqualTo(first.header("RateLimit-Policy"));
        assertThat(rejected.header("RateLimit")).startsWith("\"address-updates\";r=0;t=1, ");
        assertThat(rejected.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(rejected.body())
                .contains(
                        "\"type\":\"urn:problem-type:herald:too-many-updates\"",
                        "Clients of this address may publish 2 updates a second, and 4 after a pause. Retry after 1 s."
                                + " Nothing was published.");
        ticker.advance(Duration.ofSeconds(1));
        assertThat(publish(from(address)).status()).isEqualTo(200);
        stream.awaitCount(6);
        assertThat(stream.messages()).hasSize(6);
    }

    @Test
    void subjectIsLimitedWhereverItPublishesFrom() {
        Map<String, String> here = bearer(address, address);
        publish(here);
        publishByMercure(bearer(address, "2001:db8::1"));

        Answer rejected = publish(bearer(address, "2001:db8:1::1"));

        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.body()).contains("The subject of this token may publish 1 updates a second");
        assertThat(rejected.header("RateLimit-Policy")).startsWith("\"subject-updates\";q=2;w=2, \"address-updates\"");
        assertThat(publish(bearer("another-" + address, address)).status()).isEqualTo(200);
    }

    @Test
    void q14EachUpdateOfABatchCounts() {
        Answer three = publishAll(3);
        Answer five = publishAll(5);
        Answer two = publishAll(2);

        assertThat(three.status()).as(three.body()).isEqualTo(200);
        assertThat(three.header("RateLimit")).startsWith("\"address-updates\";r=1;t=2, ");
        assertThat(five.status()).isEqualTo(413);
        assertThat(five.body())
                .contains(
                        "\"type\":\"urn:problem-type:herald:batch-too-large\"",
                        "Clients of this address may publish 2 updates a second, and 4 after a pause. Send at most 4"
                                + " updates in a request. Nothing was published.");
        assertThat(two.status()).isEqualTo(429);
        assertThat(two.header("Retry-After")).isEqualTo("1");
        ticker.advance(Duration.ofSeconds(2));
        assertThat(publishAll(4).status()).isEqualTo(200);
    }

    private Answer publishAll(int count) {
        String updates = ("{\"topic\":\"" + address + "\",\"data\":\"x\"}\n").repeat(count);
        return hub.send(
                HttpMethod.POST,
                "/updates",
                and(from(address), "Content-Type", "application/x-ndjson"),
                Buffer.buffer(updates));
    }

    /** Each line is a request by a client whose quota is used up. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/message?topic=another | X-Forwarded-For | %s",
                "/message?topic=x&type=t&id=1&private=on | X-Forwarded-For | %s",
                "/message?topic=%%41 | x-forwarded-for | %s",
                "/message | X-FORWARDED-FOR | 203.0.113.99, %s",
                "/message | X-Forwarded-For | unknown, %s, 127.0.0.1",
                "/message | X-Forwarded-For | ::ffff:%s",
                "/message | X-Forwarded-For | %s:4711",
                "/message | Forwarded | for=%s",
                "/message | forwarded | for=203.0.113.99;proto=https, For=\"%s:80\", for=127.0.0.1",
                "/message?unknown=1 | X-Forwarded-For | %s",
                "/message;a=b | X-Forwarded-For | %s",
                "/.well-known/mercure | X-Forwarded-For | %s"
            })
    void clientDoesNotEscapeItsLimit(String uri, String header, String value) {
        exhaust(from(address));

        assertThat(publish(String.format(uri), Map.of(header, String.format(value, address)))
                        .status())
                .isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:9:1::1, 2001:db8:9:1:ffff:ffff:ffff:ffff, 429", "2001:db8:9:2::1, 2001:db8:9:3::1, 200"})
    void ipv6AddressCountsByItsFirst64Bits(String first, String second, int status) {
        exhaust(from(first));

        assertThat(publish(from(second)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void limitIsTheSameOverEachProtocol(Protocol protocol) {
        exhaust(from(address));
        HubClient other = new HubClient(() -> protocol.options());
        other.beforeEach(null);
        try {
            Answer answer = other.send(
                    HttpMethod.POST, "/message", and(from(address), "Content-Type", FORM), Buffer.buffer("message=x"));

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("RateLimit")).isNotNull();
        } finally {
            other.afterEach(null);
        }
    }

    /** The client is at 127.0.0.2, which is no trusted proxy. */
    @Test
    void headersOfAnUntrustedPeerAreIgnoredAndReportedOnce() {
        logged.expect("A client was limited whose request has a forwarding header");
        HubClient untrusted = new HubClient(() -> new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(HubClient.port())
                .setLocalAddress("127.0.0.2"));
        untrusted.beforeEach(null);
        try {
            for (int i = 0; i < 6; i++) {
                Answer answer = untrusted.send(
                        HttpMethod.POST,
                        "/message?topic=spoofed",
                        Map.of(
                                "Content-Type",
                                FORM,
                                "X-Forwarded-For",
                                "203.0.113." + i,
                                "Forwarded",
                                "for=192.0.2." + i),
                        MESSAGE);
                assertThat(answer.status()).isEqualTo(i < 4 ? 200 : 429);
            }
        } finally {
            untrusted.afterEach(null);
        }
    }

    @Test
    void bodyOfARejectedRequestIsNotRead() throws IOException {
        exhaust(from(address));
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /message HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + address
                    + "\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 50000\r\n\r\n");

            assertThat(connection.answer()).startsWith("HTTP/1.1 429 ").contains("too-many-updates");
        }
    }

    @Test
    void bytesBeyondTheRateAreRejectedBeforeTheyArrive() {
        Map<String, String> headers = and(from(address), "Content-Type", "text/plain");
        Buffer body = Buffer.buffer("x".repeat(100_000));
        Answer first = hub.send(HttpMethod.POST, "/message?topic=" + address, headers, body);

        Answer rejected = hub.send(HttpMethod.POST, "/message?topic=" + address, headers, body);

        assertThat(first.status()).isEqualTo(200);
        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.body()).contains("urn:problem-type:herald:too-many-bytes");
        long seconds = Long.parseLong(rejected.header("Retry-After"));
        assertThat(seconds).isBetween(30L, 40L);
        assertThat(rejected.header("RateLimit")).contains(";t=" + seconds);
        ticker.advance(Duration.ofSeconds(seconds));
        assertThat(hub.send(HttpMethod.POST, "/message?topic=" + address, headers, body)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void bodyOfUnknownLengthIsRejectedWhenItsBytesAreUsedUp() {
        publish("/message?topic=" + address, from(address));
        int sent = 100_000;
        assertThat(chunked(sent).status()).isEqualTo(200);

        Answer rejected = chunked(sent);

        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.body()).contains("urn:problem-type:herald:too-many-bytes");
        assertThat(Long.parseLong(rejected.header("Retry-After"))).isPositive();
    }

    private Answer chunked(int bytes) {
        HttpClient client = hub.http();
        return Patience.done(client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setURI("/message?topic=" + address)
                        .putHeader("X-Forwarded-For", address)
                        .putHeader("Content-Type", "text/plain"))
                .compose(request -> {
                    request.setChunked(true);
                    request.write(Buffer.buffer("x".repeat(bytes / 2)));
                    request.end(Buffer.buffer("x".repeat(bytes / 2)));
                    return request.response();
                })
                .compose(response -> response.body()
                        .map(body -> new Answer(response.statusCode(), response.headers(), body.toString())))
                .toCompletionStage());
    }

    @Test
    void answerToAnInvalidRequestHasTheQuotas() {
        Answer invalid = publish("/message?unknown=1", from(address));

        assertThat(invalid.status()).isEqualTo(400);
        assertThat(invalid.header("RateLimit")).startsWith("\"address-updates\";r=3;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/SSE?topic=a", "/.well-known/mercure?topic=a&signals=1"})
    void e12StreamBeyondTheLimitOfItsAddressEndsWithTheReason(String uri) {
        EventStream first = hub.open("/SSE", from(address)).awaitCount(1);
        hub.open(MERCURE + "?topic=a&signals=1", from("203.0.113.99, " + address))
                .awaitCount(1);

        EventStream rejected = hub.open(uri, and(from(address), "Last-Event-ID", "known"));

        assertThat(rejected.status()).isEqualTo(200);
        assertThat(rejected.awaitEnd()).as("in good order").isTrue();
        assertThat(rejected.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(rejected.headers().get("Last-Event-ID")).isNull();
        assertThat(rejected.messages()).singleElement().satisfies(end -> {
            assertThat(end.type()).isEqualTo("end");
            assertThat(end.id()).isEqualTo("known");
            assertThat(end.data())
                    .isEqualTo("{\"reason\":\"too-many-streams\",\"detail\":\"Clients of this address have 2 open"
                            + " streams, as many as are allowed.\"}");
        });
        first.close();
        awaitOpen(hub, uri, from(address));
    }

    @Test
    void e12MercureStreamWithoutSignalsGetsOnlyTheReconnectionTime() {
        hub.open("/SSE", from(address)).awaitCount(1);
        hub.open("/SSE", from(address)).awaitCount(1);

        EventStream rejected = hub.open(MERCURE + "?topic=a", from(address));

        assertThat(rejected.status()).isEqualTo(200);
        assertThat(rejected.awaitEnd()).isTrue();
        assertThat(rejected.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(rejected.messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void e12StreamBeyondTheLimitOfItsSubjectIsRejectedOverEachProtocol(Protocol protocol) {
        String subject = protocol + "-" + address;
        EventStream first = hub.open("/SSE", bearer(subject, address)).awaitCount(1);
        HubClient other = new HubClient(() -> protocol.options());
        other.beforeEach(null);
        try {
            EventStream rejected = other.open("/SSE", bearer(subject, "192.0.2.77"));
            assertThat(rejected.awaitEnd()).isTrue();
            assertThat(rejected.messages()).singleElement().satisfies(end -> assertThat(end.data())
                    .contains("The subject of this token has 1 open stream,"));

            first.close();
            awaitOpen(other, "/SSE", bearer(subject, "192.0.2.77"));
            assertThat(hub.open("/SSE", bearer(subject, address)).awaitCount(1).messages())
                    .singleElement()
                    .satisfies(end -> assertThat(end.type()).isEqualTo("end"));
        } finally {
            other.afterEach(null);
        }
    }

    @Test
    void figuresCountAmongTheStreamsOfTheirClient() {
        EventStream figures = hub.open("/figures", from(address)).awaitCount(1);
        hub.open("/SSE", from(address)).awaitCount(1);

        Answer rejected = hub.send(HttpMethod.GET, "/figures", from(address), Buffer.buffer());

        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.header("Retry-After")).isEqualTo("1");
        assertThat(rejected.body()).contains("urn:problem-type:herald:too-many-streams");
        figures.close();
        awaitOpen(hub, "/SSE", from(address));
    }

    @Test
    void q16WaitsAndLinesAreStreamsOfTheirClient() {
        hub.open("/SSE", from(address)).awaitCount(1);
        EventStream second = hub.open("/SSE", from(address)).awaitCount(1);
        PastEvents past = new PastEvents(hub);
        String nothing = "topic=none&since=earliest";

        Answer waiting = past.get(nothing + "&wait=1s", from(address));
        Answer lines = past.get(nothing, and(from(address), "Accept", PastEvents.LINES));
        Answer expensive = past.get("topic=" + PastEvents.escaped("{a}{b}{c}".repeat(400)), from(address));

        for (Answer rejected : List.of(waiting, lines, expensive)) {
            assertThat(rejected.status()).as(rejected.body()).isEqualTo(429);
            assertThat(rejected.header("Retry-After")).isEqualTo("1");
            assertThat(rejected.body()).contains("urn:problem-type:herald:too-many-streams");
        }
        assertThat(past.read(nothing, from(address)).events()).isEmpty();
        second.close();
        eventually().until(() -> past.get(nothing + "&wait=1ms", from(address)).status() == 200);
        awaitOpen(hub, "/SSE", from(address));
    }

    @Test
    void requestsThatOpenNoStreamTakeNoPlace() {
        for (int i = 0; i < 3; i++) {
            assertThat(hub.send(HttpMethod.HEAD, "/SSE", from(address), Buffer.buffer())
                            .status())
                    .isEqualTo(200);
            assertThat(hub.send(HttpMethod.GET, MERCURE, from(address), Buffer.buffer())
                            .status())
                    .isEqualTo(400);
        }

        EventStream first = awaitOpen(hub, "/SSE", from(address));
        EventStream second = awaitOpen(hub, "/SSE", from(address));

        assertThat(first.isOpen() && second.isOpen()).isTrue();
    }

    /** Opens a stream, again until it is not rejected. */
    private static EventStream awaitOpen(HubClient client, String uri, Map<String, String> headers) {
        AtomicReference<EventStream> opened = new AtomicReference<>();
        eventually().until(() -> {
            opened.set(client.open(uri, headers).awaitCount(1));
            return !opened.get().messages().get(0).type().equals("end");
        });
        return opened.get();
    }

    /** Other tests use the address of a trusted proxy, which may have more connections. */
    @Test
    void connectionBeyondTheLimitOfItsAddressIsClosedAtOnce() throws Exception {
        closed.expect("Connections were closed: their addresses have as many as are allowed. limit=address");
        int clear = Http2Test.Transport.CLEAR_TEXT.options().getDefaultPort();
        int tls = Http2Test.Transport.TLS.options().getDefaultPort();
        long rejected = connections.stats().rejected();
        long accepted = connections.stats().accepted();
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                open.add(from("127.0.0.8", i % 2 == 0 ? clear : tls));
            }
            // The two ports are served in any order.
            eventually().until(() -> connections.stats().accepted() >= accepted + 8);
            for (int port : List.of(clear, tls)) {
                try (Socket further = from("127.0.0.8", port);
                        Socket other = from("127.0.0.9", port)) {
                    eventually().until(() -> isClosedByTheHub(further));
                    assertThat(isClosedByTheHub(other)).isFalse();
                }
            }
            assertThat(connections.stats().rejected()).isEqualTo(rejected + 2);
            open.remove(0).close();
            eventually().until(() -> {
                try (Socket next = from("127.0.0.8", clear)) {
                    return !isClosedByTheHub(next);
                }
            });
            assertThat(isClosedByTheHub(open.get(0))).isFalse();
        } finally {
            for (Socket one : open) {
                one.close();
            }
        }
    }

    private static Socket from(String client, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(200);
        socket.bind(new InetSocketAddress(client, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    /** Whether it is closed; an open one sends nothing before a request. */
    private static boolean isClosedByTheHub(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }
}
