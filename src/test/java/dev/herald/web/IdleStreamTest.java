package dev.herald.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the bytes of idle streams: comments, cursors and the end at the maximum age, on a server that closes idle
 * connections and accepts few of them. Only events are followed by a blank line (PROTOCOL E4).
 */
@QuarkusTest
@TestProfile(IdleStreamTest.ShortTimeouts.class)
class IdleStreamTest {
    private static final Duration YOUNGEST_END = Duration.ofMillis(2_400);
    private static final int CONNECTIONS = 10;

    /** Maximum age of 3 s for a stream, idle timeout of 2 s for a connection. */
    public static final class ShortTimeouts extends TlsProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("herald.sse.max-age", "3s");
            overrides.put("herald.sse.heartbeat", "400ms");
            overrides.put("herald.sse.cursor-interval", "1s");
            overrides.put("quarkus.http.idle-timeout", "2s");
            overrides.put("quarkus.http.limits.max-connections", "" + CONNECTIONS);
            return overrides;
        }
    }

    @Inject
    Hub server;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
        eventually().until(() -> server.subscribers() == 0);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void e7StreamEndsOrderlyAtItsMaximumAgeAndNotBefore(Protocol protocol) {
        long start = System.nanoTime();
        EventStream stream = EventStream.open(vertx.createHttpClient(protocol.options()), "/SSE");

        assertThat(stream.awaitEnd()).as("in good order").isTrue();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(YOUNGEST_END);
        assertThat(stream.comments())
                .as("a quiet stream does not make its connection idle")
                .isPositive();
        assertThat(stream.retryMillis()).isBetween(2_000L, 4_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/SSE", "/.well-known/mercure?topic=news&signals=1"})
    void e11IdleStreamGetsCursorsAsTypedEventsAndResumesFromThem(String uri) {
        EventStream first = EventStream.open(vertx.createHttpClient(Protocol.HTTP_1_1.options()), uri);

        first.awaitEnd();

        assertThat(first.messages()).extracting(Message::type).startsWith("message", "cursor");
        assertThat(first.messages()).extracting(Message::data).containsOnly("{}");
        assertThat(first.messages()).extracting(Message::id).doesNotHaveDuplicates();
        EventStream second = EventStream.open(
                        vertx.createHttpClient(Protocol.HTTP_1_1.options()),
                        uri,
                        Map.of("Last-Event-ID", first.lastEventId()))
                .awaitCount(2);
        assertThat(second.messages()).extracting(Message::type).startsWith("message", "cursor");
    }

    @Test
    void e11IdleMercureStreamWithoutSignalsGetsCommentsOnly() {
        EventStream stream = EventStream.open(
                vertx.createHttpClient(Protocol.HTTP_1_1.options()), "/.well-known/mercure?topic=news");

        stream.awaitEnd();

        assertThat(stream.comments()).isPositive();
        assertThat(stream.messages()).isEmpty();
        assertThat(stream.lastEventId()).isEmpty();
    }

    @Test
    void endOfAStreamIsTheLastChunkAndThenTheConnectionCloses() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("\r\n\r\n");

            String body = connection.readToEnd();

            assertThat(body)
                    .contains("2\r\n:\n\r\n")
                    .doesNotContain(":\n\n")
                    .containsPattern("retry: \\d+\n\r\n0\r\n\r\n\\z");
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void gzipStreamEndsWithTheGzipTrailer(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + HubClient.port() + "/SSE"))
                .header("Accept-Encoding", "gzip")
                .build();

        String body;
        try (InputStream in = new GZIPInputStream(
                client.send(request, BodyHandlers.ofInputStream()).body())) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(body).contains("data: {}\n\n").containsPattern("retry: \\d+\n\\z");
    }

    @Test
    void openStreamOccupiesAConnectionUntilItEnds() throws IOException {
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                RawConnection connection = new RawConnection();
                open.add(connection);
                connection.send("GET /SSE HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("data: {}\n\n");
            }
            assertThat(rejected()).as("stream beyond the limit").isTrue();

            open.get(0).close();

            eventually().until(() -> !rejected());
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }

    private static boolean rejected() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            return connection
                    .send("GET /q/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .readToEnd()
                    .isEmpty();
        } catch (java.net.SocketException reset) {
            return true;
        }
    }
}
