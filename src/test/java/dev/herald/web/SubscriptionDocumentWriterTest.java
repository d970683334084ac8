package dev.herald.web;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.http.HubPaths;
import dev.herald.memory.HeapShares;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.sse.EventStream;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a large subscription document sent to a stalled client. The document stays reserved in the budget until the
 * client has read it, disconnects, or is closed. All tests share the subscriptions, whose start takes most of the time.
 */
@QuarkusTest
@TestProfile(WriteTimeoutTest.ShortWriteTimeout.class)
@TestInstance(Lifecycle.PER_CLASS)
class SubscriptionDocumentWriterTest {
    private static final int STREAMS = 300;

    /** More than fits into two kernel buffers, times {@link #STREAMS}. */
    private static final int PAYLOAD_CHARACTERS = 40_000;

    private static final String SUBSCRIPTIONS = HubPaths.MERCURE + "/subscriptions";

    @Inject
    HeapShares heap;

    @Inject
    ActiveSubscriptions active;

    private final String topic = UUID.randomUUID().toString();
    private final String uri = SUBSCRIPTIONS + "/" + topic;
    private Vertx subscribers = Vertx.vertx();
    private Vertx vertx;

    private static String bearer(String payload) {
        return "Bearer "
                + TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"*\"],\"payload\":\"" + payload + "\"}}");
    }

    @BeforeEach
    void subscribe() {
        vertx = Vertx.vertx();
        // Those of a client that did not get CPU time for long were closed.
        if (active.all().size() < STREAMS) {
            unsubscribe();
            subscribers = Vertx.vertx();
            HttpClient client =
                    subscribers.createHttpClient(Protocol.H2C.options().setHttp2MaxPoolSize(1));
            Map<String, String> token = Map.of("Authorization", bearer("p".repeat(PAYLOAD_CHARACTERS)));
            IntStream.range(0, STREAMS).forEach(i -> EventStream.open(client, "/SSE?topic=" + topic, token));
            eventually().until(() -> active.all().size() == STREAMS);
        }
        assertThat(heap.documents().reserved()).isZero();
    }

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
        eventually().untilAsserted(() -> assertThat(heap.documents().reserved()).isZero());
    }

    @AfterAll
    void unsubscribe() {
        Patience.done(subscribers.close().toCompletionStage());
        eventually().until(() -> active.all().isEmpty());
    }

    /** Requests the document and reads only the head of the response. */
    private HttpClientResponse ask(Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options().setReceiveBufferSize(4_096));
        RequestOptions request =
                new RequestOptions().setMethod(HttpMethod.GET).setURI(uri).putHeader("Authorization", bearer(""));
        return Patience.done(client.request(request)
                .compose(asked -> {
                    Future<HttpClientResponse> answer = asked.response()
                            .map(response ->
                                    response.exceptionHandler(cut -> {}).pause());
                    asked.send();
                    return answer;
                })
                .toCompletionStage());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void unreadDocumentStaysReservedUntilItsClientIsClosed(Protocol protocol) {
        long began = System.nanoTime();
        HttpClientResponse answer = ask(protocol);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(heap.documents().reserved()).isGreaterThan((long) STREAMS * PAYLOAD_CHARACTERS);
        eventually().untilAsserted(() -> assertThat(heap.documents().reserved()).isZero());

        assertThat(System.nanoTime() - began).as("patience").isGreaterThan(1_500_000_000L);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void documentIsReleasedWhenItsClientDisconnects(Protocol protocol) {
        HttpClientResponse answer = ask(protocol);
        assertThat(heap.documents().reserved()).isPositive();

        answer.request().connection().close();

        eventually().untilAsserted(() -> assertThat(heap.documents().reserved()).isZero());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void readDocumentIsComplete(Protocol protocol) {
        HttpClientResponse answer = ask(protocol);
        Future<String> body = answer.body().map(bytes -> bytes.toString());

        answer.resume();

        assertThat(Patience.done(body.toCompletionStage()).split("p{" + PAYLOAD_CHARACTERS + "}", -1))
                .hasSize(STREAMS + 1);
        assertThat(answer.headers().getAll("Content-Length")).hasSize(1);
        eventually().untilAsserted(() -> assertThat(heap.documents().reserved()).isZero());
    }

    /** RFC 9110 §5.3: the lines of a list are one list. */
    @Test
    void allIfNoneMatchLinesAreApplied() throws Exception {
        String token = "Authorization: " + bearer("") + "\r\n";
        String request = "GET " + uri + " HTTP/1.1\r\nHost: localhost\r\n" + token;
        String tag = tag(request);
        try (RawConnection connection = new RawConnection()) {
            String known = connection
                    .send(request + "If-None-Match: \"other\"\r\nIf-None-Match: \"x\", W/" + tag + "\r\n\r\n")
                    .answer();
            assertThat(known).startsWith("HTTP/1.1 304 ");

            String unknown = connection
                    .send(request + "If-None-Match: \"other\"\r\nIf-None-Match: \"x\"\r\n\r\n")
                    .answer();
            assertThat(unknown).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String tag(String request) throws Exception {
        try (RawConnection connection = new RawConnection()) {
            Matcher tag = Pattern.compile("(?i)\r\netag: (\\S+)\r\n")
                    .matcher(connection
                            .send(request.replace("GET", "HEAD") + "\r\n")
                            .readUntil("\r\n\r\n"));
            assertThat(tag.find()).isTrue();
            return tag.group(1);
        }
    }
}
