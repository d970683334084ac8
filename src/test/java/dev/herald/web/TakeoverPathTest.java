package dev.herald.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelPipeline;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;
import dev.herald.stream.SocketBudget;
import dev.herald.stream.StreamStats;
import dev.herald.stream.StreamStats.OutletKind;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the paths from a stream to its socket: each delivers the stream completely and ends it orderly. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class TakeoverPathTest {
    private static final int RECEIVE_BUFFER = 64 << 10;

    /** Events that fill the kernel's buffer of the hub, and leave more. */
    private static final int MANY = 40;

    private static final String UNKNOWN_HANDLER = "X-Test-UnknownHandler";

    @Inject
    StreamStats counts;

    @Inject
    Hub server;

    @Inject
    SocketBudget budget;

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();
    private final String uri = "/SSE?topic=" + topic;
    private Map<OutletKind, Long> before;

    /** Adds an unknown handler to the pipelines of requests that ask for one. */
    @Singleton
    static class UnknownHandler {
        void register(@Observes Filters filters) {
            filters.register(UnknownHandler::join, 1_000);
        }

        private static void join(RoutingContext context) {
            if (context.request().getHeader(UNKNOWN_HANDLER) != null) {
                ChannelPipeline pipeline = ((HttpServerConnection)
                                context.request().connection())
                        .channelHandlerContext()
                        .pipeline();
                pipeline.addFirst("unknown", new ChannelDuplexHandler());
            }
            context.next();
        }
    }

    /** Protocol between client and hub. */
    enum Protocol {
        HTTP_1_1(Http2Test.Transport.CLEAR_TEXT, HttpVersion.HTTP_1_1, OutletKind.RAW_HTTP1),
        HTTP_1_1_OVER_TLS(Http2Test.Transport.TLS, HttpVersion.HTTP_1_1, OutletKind.RAW_HTTP1),
        HTTP_2(Http2Test.Transport.TLS, HttpVersion.HTTP_2, OutletKind.RESPONSE),
        H2C(Http2Test.Transport.CLEAR_TEXT, HttpVersion.HTTP_2, OutletKind.RESPONSE);

        final HttpVersion version;
        final OutletKind outlet;
        private final Http2Test.Transport security;

        Protocol(Http2Test.Transport security, HttpVersion version, OutletKind outlet) {
            this.security = security;
            this.version = version;
            this.outlet = outlet;
        }

        /** The kernel buffers little for the client, so that few bytes stall it. */
        HttpClientOptions options() {
            return security.options()
                    .setReceiveBufferSize(RECEIVE_BUFFER)
                    .setDefaultHost("localhost")
                    .setProtocolVersion(version)
                    .setHttp2ClearTextUpgrade(false)
                    .setMaxPoolSize(100);
        }
    }

    @BeforeEach
    void count() {
        before = Map.of(
                OutletKind.RAW_HTTP1,
                counts.total(OutletKind.RAW_HTTP1),
                OutletKind.RESPONSE,
                counts.total(OutletKind.RESPONSE));
    }

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
        eventually().until(() -> server.subscribers() == 0);
        eventually().until(() -> counts.open(OutletKind.RAW_HTTP1) == 0 && counts.open(OutletKind.RESPONSE) == 0);
    }

    private void assertTaken(OutletKind outlet, int streams) {
        OutletKind other = outlet == OutletKind.RAW_HTTP1 ? OutletKind.RESPONSE : OutletKind.RAW_HTTP1;
        assertThat(counts.total(outlet) - before.get(outlet)).as("%s", outlet).isEqualTo(streams);
        assertThat(counts.total(other) - before.get(other)).as("%s", other).isZero();
    }

    /** Pending bytes may stay briefly after the end of the stream, but not for the life of the connection. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "H2C"})
    void endedStreamThatIsNotReadIsClosed(Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        String token = TokenMint.wellKnown()
                .token("{\"exp\":" + Instant.now().plusSeconds(12).getEpochSecond() + "}");
        EventStream stream = EventStream.open(client, uri, Map.of("Authorization", "Bearer " + token))
                .awaitCount(1);
        stream.pause();
        IntStream.range(0, 5).forEach(i -> publish(topic, "\"" + "x".repeat(300_000) + "\""));
        eventually().untilAsserted(() -> assertThat(budget.waiting()).isPositive());

        eventually().until(() -> server.subscribers() == 0);

        eventually().untilAsserted(() -> assertThat(budget.waiting()).isZero());
        stream.resume();
        assertThat(stream.awaitEnd()).as("in good order").isFalse();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void everyOutletDeliversACompleteStream(Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        EventStream stream = EventStream.open(client, uri).awaitCount(1);
        String large = "\"" + "x".repeat(300_000) + "\"";

        numbers(50).forEach(json -> publish(topic, json));
        publish(topic, large);
        publish(topic, "\"käse 🧀\"");

        stream.awaitCount(53);
        assertThat(stream.version()).isEqualTo(protocol.version);
        assertThat(stream.data().subList(0, 50)).isEqualTo(numbers(50));
        assertThat(stream.data().subList(50, 52)).containsExactly(large, "\"käse 🧀\"");
        assertTaken(protocol.outlet, 1);
    }

    @Test
    void clearTextUpgradeToHttp2UsesTheResponseOutlet() throws Exception {
        java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + HubClient.port() + uri))
                .build();

        try (var lines = client.send(request, BodyHandlers.ofLines()).body()) {
            assertThat(lines.anyMatch("data: {}"::equals)).isTrue();
        }

        assertTaken(OutletKind.RESPONSE, 1);
    }

    @Test
    void http10UsesTheResponseOutlet() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET " + uri + " HTTP/1.0\r\n\r\n").readUntil("data: {}\n\n");

            assertTaken(OutletKind.RESPONSE, 1);
        }
    }

    @Test
    void pipelineWithAnUnknownHandlerUsesTheResponseOutlet() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            String head = connection
                    .send("GET " + uri + " HTTP/1.1\r\nHost: x\r\n" + UNKNOWN_HANDLER + ": yes\r\n\r\n")
                    .readUntil("\r\n\r\n");
            publish(topic, "1");

            assertThat(head).doesNotContain("connection: close");
            assertThat(connection.chunksUntil("data: 1\n\n")).contains("data: {}\n\n");
            assertTaken(OutletKind.RESPONSE, 1);
        }
    }

    @Test
    void requestWithABodyUsesTheResponseOutlet() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection
                    .send("GET " + uri + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
                    .readUntil("\r\n\r\n");
            publish(topic, "1");

            assertThat(connection.chunksUntil("data: 1\n\n")).contains("data: {}\n\n");
            assertTaken(OutletKind.RESPONSE, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n", "Connection: keep-alive\r\n", "Content-Length: 0\r\n"})
    void connectionBelongsToTheStreamUntilItsEnd(String header) throws IOException {
        try (RawConnection connection = new RawConnection()) {
            String head = connection
                    .send("GET " + uri + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
                    .readUntil("\r\n\r\n");
            publish(topic, "1");

            assertThat(head.toLowerCase()).contains("connection: close\r\n").contains("transfer-encoding: chunked\r\n");
            assertThat(connection.chunksUntil("data: 1\n\n")).contains("data: {}\n\n");
            assertTaken(OutletKind.RAW_HTTP1, 1);
        }
    }

    @Test
    void requestPipelinedAfterAStreamIsNeitherAnsweredNorExecuted() throws IOException {
        String post = "POST /message?topic=" + topic + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 6\r\n\r\n\"lost\"";
        try (RawConnection connection = new RawConnection()) {
            connection
                    .send("GET " + uri + " HTTP/1.1\r\nHost: x\r\n\r\n" + post + post)
                    .readUntil("\r\n\r\n");
            connection.chunksUntil("data: {}\n\n");
            connection.send(post);
            publish(topic, "1");
            publish(topic, "2");

            assertThat(connection.chunksUntil("data: 2\n\n"))
                    .contains("data: 1\n\n")
                    .doesNotContain("lost", "HTTP/1.1");
        }
    }

    @Test
    void requestPipelinedBeforeAStreamIsAnsweredFirst() throws IOException {
        String post = "POST /message?topic=" + topic + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 7\r\n\r\n\"first\"";
        try (RawConnection connection = new RawConnection()) {
            connection.send(post + "GET " + uri + "&lastEventID=earliest HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(connection.answer()).contains(" 200 ").endsWith("success");
            assertThat(connection.readUntil("\r\n\r\n")).contains("text/event-stream");
            assertThat(connection.chunksUntil("data: \"first\"\n\n")).contains("data: {}\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void disconnectIsDetectedAtOnce(boolean reset) throws IOException {
        eventually().until(() -> server.subscribers() == 0);
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET " + uri + " HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("data: {}\n\n");
            assertThat(server.subscribers()).isEqualTo(1);

            if (reset) {
                connection.reset();
            } else {
                connection.endOutput();
            }

            eventually().until(() -> server.subscribers() == 0);
        }
    }

    @Test
    void bytesOfAStreamAreRecordedWhenItEnds() throws IOException {
        long written = counts.bytes();
        String data = "\"" + "x".repeat(10_000) + "\"";
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET " + uri + " HTTP/1.1\r\nHost: x\r\n\r\n");
            connection.readUntil("data: {}\n\n");
            publish(topic, data);
            connection.readUntil(data + "\n\n");
        }

        eventually().until(() -> counts.open(OutletKind.RAW_HTTP1) == 0);
        assertThat(counts.bytes() - written).isBetween(10_000L, 10_500L);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void stalledReaderLosesNothingAndDelaysNoOther(Protocol protocol) {
        EventStream slow = EventStream.open(vertx.createHttpClient(protocol.options()), uri)
                .awaitCount(1);
        EventStream quick = EventStream.open(vertx.createHttpClient(protocol.options()), uri)
                .awaitCount(1);
        String padding = "x".repeat(200_000);
        List<String> expected =
                numbers(MANY).stream().map(i -> "\"" + i + padding + "\"").toList();
        slow.pause();

        expected.forEach(json -> publish(topic, json));

        assertThat(quick.awaitCount(MANY + 1).data()).isEqualTo(expected);
        assertThat(slow.count()).isLessThan(MANY + 1);
        slow.resume();
        assertThat(slow.awaitCount(MANY + 1).data()).isEqualTo(expected);
        assertTaken(protocol.outlet, 2);
    }
}
