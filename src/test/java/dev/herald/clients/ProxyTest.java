package dev.herald.clients;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.clients.Proxy.Run;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;
import dev.herald.web.ShortRetentionProfile;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of each configuration on the page on proxies. A stream is forwarded at once, over HTTP/2 and HTTP/1.1, with and
 * without gzip, with a stored and a compressed event. Heartbeats keep it open beyond the proxy's timeouts. Its end is
 * orderly, and the client resumes. Only pages of the proxy's origin may publish.
 */
@QuarkusTest
@TestProfile(ShortRetentionProfile.class)
class ProxyTest {
    private static final String LARGE = "\"" + "a word and ".repeat(2_000) + "\"";
    /** At 300 ms each, longer than the proxies' idle timeouts in this test. */
    private static final int HEARTBEATS = 24;

    private static final Map<Proxy, Run> STARTED = new EnumMap<>(Proxy.class);

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();
    private final String uri = "/SSE?topic=" + topic;

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    @AfterAll
    static void endProxies() {
        STARTED.values().forEach(Run::close);
        STARTED.clear();
    }

    /** Started by the first test that needs it. */
    private static Run started(Proxy program) throws Exception {
        if (!STARTED.containsKey(program)) {
            STARTED.put(program, program.start(HubClient.port()));
        }
        return STARTED.get(program);
    }

    private HttpClient client(Run proxy, HttpVersion version, boolean gzip) {
        return vertx.createHttpClient(new HttpClientOptions()
                .setDefaultHost("localhost")
                .setDefaultPort(proxy.port())
                .setSsl(true)
                .setTrustAll(true)
                .setUseAlpn(true)
                .setProtocolVersion(version)
                .setDecompressionSupported(gzip));
    }

    private int publishFrom(Run proxy, String origin, String json) {
        return Patience.done(client(proxy, HttpVersion.HTTP_2, false)
                .request(HttpMethod.POST, "/message?topic=" + topic)
                .compose(request -> request.putHeader("Content-Type", "application/json")
                        .putHeader("Origin", origin)
                        .send(Buffer.buffer(json)))
                .map(answer -> answer.statusCode())
                .toCompletionStage());
    }

    private static List<Run> allHere() throws Exception {
        List<Run> proxies = new ArrayList<>();
        for (Proxy program : Proxy.values()) {
            if (program.isHere()) {
                proxies.add(started(program));
            }
        }
        return proxies;
    }

    private List<EventStream> streams(Run proxy) {
        return List.of(
                EventStream.open(client(proxy, HttpVersion.HTTP_2, false), uri),
                EventStream.open(client(proxy, HttpVersion.HTTP_2, true), uri),
                EventStream.open(client(proxy, HttpVersion.HTTP_1_1, false), uri),
                EventStream.open(client(proxy, HttpVersion.HTTP_1_1, true), uri));
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void eventsAreForwardedWithoutBuffering(Proxy program) throws Exception {
        List<EventStream> streams = streams(started(program));
        streams.forEach(stream -> stream.awaitCount(1));

        publish(topic, "1");
        streams.forEach(stream -> stream.awaitCount(2));
        publish(topic, LARGE);
        streams.forEach(stream -> stream.awaitCount(3));

        assertThat(streams).allSatisfy(stream -> assertThat(stream.data()).containsExactly("1", LARGE));
        assertThat(streams)
                .extracting(EventStream::version)
                .containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_1);
    }

    /** All proxies concurrently, since it takes longer than their timeouts. */
    @Test
    void heartbeatsKeepAnIdleStreamOpen() throws Exception {
        List<EventStream> streams = new ArrayList<>();
        for (Run proxy : allHere()) {
            streams.addAll(streams(proxy));
        }
        streams.forEach(stream -> eventually().until(() -> stream.comments() >= HEARTBEATS));

        publish(topic, "1");

        assertThat(streams)
                .allSatisfy(stream -> assertThat(stream.awaitCount(2).data()).containsExactly("1"));
        assertThat(streams).allMatch(EventStream::isOpen);
    }

    /** The response head arrives before any byte of the body. */
    @ParameterizedTest
    @EnumSource(Proxy.class)
    void streamWithoutAFirstBlockOpensAtOnce(Proxy program) throws Exception {
        Run proxy = started(program);
        String mercure = "/.well-known/mercure?topic=" + topic;
        for (boolean gzip : new boolean[] {true, false}) {
            EventStream stream = EventStream.open(client(proxy, HttpVersion.HTTP_2, gzip), mercure);

            publish(topic, "\"" + gzip + "\"");

            assertThat(stream.awaitCount(1).data()).containsExactly("\"" + gzip + "\"");
        }
    }

    /** All proxies concurrently: the streams end when their token expires. */
    @Test
    void endOfAStreamIsForwardedOrderlyAndTheClientResumes() throws Exception {
        List<HttpClient> clients = new ArrayList<>();
        for (Run proxy : allHere()) {
            clients.add(client(proxy, HttpVersion.HTTP_2, true));
        }
        Map<String, String> token = Map.of("Authorization", "Bearer " + goodForSeconds(15));
        List<EventStream> firsts = clients.stream()
                .map(client -> EventStream.open(client, uri, token).awaitCount(1))
                .toList();
        publish(topic, "0");

        assertThat(firsts).allMatch(EventStream::awaitEnd, "ends in good order");

        IntStream.range(1, 50).forEach(i -> publish(topic, "" + i));
        for (int i = 0; i < clients.size(); i++) {
            EventStream first = firsts.get(i);
            EventStream second = EventStream.open(clients.get(i), uri, Map.of("Last-Event-ID", first.lastEventId()));
            eventually().until(() -> first.data().size() + second.data().size() >= 50);
            assertThat(Stream.concat(first.data().stream(), second.data().stream()))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(Integer::toString).toList());
            assertThat(second.messages()).extracting(Message::type).doesNotContain("gap");
        }
    }

    private static String goodForSeconds(int seconds) {
        return TokenMint.hmac("HS256", TokenMint.SUBSCRIBERS_SECRET.getBytes(StandardCharsets.UTF_8))
                .token("{\"mercure\":{\"subscribe\":[]},\"exp\":%d}"
                        .formatted(Instant.now().getEpochSecond() + seconds));
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void onlyPagesOfTheProxysOriginMayPublish(Proxy program) throws Exception {
        Run proxy = started(program);
        assertThat(publishFrom(proxy, proxy.origin(), "1")).isEqualTo(200);
        assertThat(publishFrom(proxy, "https://evil.example", "2")).isEqualTo(403);
        assertThat(publishFrom(proxy, "https://localhost", "3"))
                .as("origin with another port")
                .isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void probesAndMetricsAreHidden(Proxy program) throws Exception {
        Run proxy = started(program);

        for (String path : List.of(
                "/q/health/ready",
                "/q/metrics",
                "//q/metrics",
                "/%71/metrics",
                "/q%2Fmetrics",
                "/x/../q/metrics",
                "/q/./metrics")) {
            assertThat(get(proxy, path)).as(path).isEqualTo(404);
        }
        assertThat(get(proxy, "/sse")).isEqualTo(200);
    }

    private int get(Run proxy, String path) {
        return Patience.done(client(proxy, HttpVersion.HTTP_1_1, false)
                .request(HttpMethod.GET, path)
                .compose(request -> request.send())
                .map(answer -> answer.statusCode())
                .toCompletionStage());
    }
}
