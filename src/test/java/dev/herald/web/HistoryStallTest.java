package dev.herald.web;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL Q16 and E9 over each protocol: the memory of lines for a client that reads slowly or not at all, and
 * waiting requests on a shared connection.
 */
@QuarkusTest
@TestProfile(WriteTimeoutTest.ShortWriteTimeout.class)
class HistoryStallTest {
    private static final int EVENTS = 50;
    private static final int PADDING = 200_000;

    /** Two chunks, the page that completes one, and their copies. */
    private static final long MAX_RESERVED = 3L * (2 * (128 << 10) + 2 * PADDING);

    @Inject
    HeapShares heap;

    @Inject
    Hub server;

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();
    private final String uri = "/updates?since=earliest&topic=" + topic;

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
        eventually().untilAsserted(() -> assertThat(heap.history().reserved()).isZero());
        eventually().until(() -> server.subscribers() == 0);
    }

    /** Publishes more than fits into the hub's kernel buffer and the client's, which is small. */
    private void publishMuch() {
        String padding = "x".repeat(PADDING);
        IntStream.range(0, EVENTS)
                .forEach(n -> HubClient.publish(topic, "{\"n\":" + n + ",\"padding\":\"" + padding + "\"}"));
    }

    private HttpClientResponse lines(HttpClient client) {
        return lines(client, uri);
    }

    private static HttpClientResponse lines(HttpClient client, String target) {
        return Patience.done(client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setURI(target)
                        .putHeader("Accept", PastEvents.LINES))
                .compose(HttpClientRequest::send)
                .onSuccess(HttpClientResponse::pause)
                .toCompletionStage());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void e9ClientThatReadsNothingCostsOneChunkAndIsCutOff(Protocol protocol) {
        publishMuch();
        HttpClientResponse stalled = lines(vertx.createHttpClient(protocol.options()));
        CompletableFuture<Void> end = new CompletableFuture<>();
        stalled.exceptionHandler(failure -> end.complete(null));
        stalled.endHandler(end::complete);
        eventually().until(() -> heap.history().reserved() > 0);
        assertThat(heap.history().reserved()).isLessThan(MAX_RESERVED);
        assertThat(heap.documents().reserved()).as("memory of other answers").isZero();

        // Meanwhile others are served.
        assertThat(read(lines(vertx.createHttpClient(protocol.options())))
                        .toString()
                        .split("\n"))
                .hasSize(EVENTS + 1);

        eventually().untilAsserted(() -> assertThat(heap.history().reserved()).isZero());
        stalled.resume();
        eventually().until(end::isDone);
    }

    private static Buffer read(HttpClientResponse response) {
        response.resume();
        return Patience.done(response.body().toCompletionStage());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void e9ClientThatReadsSlowlyGetsAllLines(Protocol protocol) {
        publishMuch();
        HttpClientResponse slow = lines(vertx.createHttpClient(protocol.options()));
        Buffer all = Buffer.buffer();
        CompletableFuture<Void> end = new CompletableFuture<>();
        slow.endHandler(end::complete);
        slow.exceptionHandler(end::completeExceptionally);
        LongAccumulator mostReserved = new LongAccumulator(Math::max, 0);
        slow.handler(part -> {
            all.appendBuffer(part);
            mostReserved.accumulate(heap.history().reserved());
            vertx.setTimer(1, later -> slow.fetch(1));
        });

        slow.fetch(1);
        eventually().until(end::isDone);

        assertThat(mostReserved.get()).isBetween(1L, MAX_RESERVED);
        Patience.done(end);
        String[] lines = all.toString().split("\n");
        assertThat(lines).hasSize(EVENTS + 1);
        for (int n = 0; n < EVENTS; n++) {
            assertThat(new JsonObject(lines[n]).getJsonObject("data").getInteger("n"))
                    .isEqualTo(n);
        }
        assertThat(lines[EVENTS]).startsWith("{\"next\":\"#");
    }

    /**
     * Its client continues with the cursor in the last line. Over HTTP/2, whose windows are small: a slow client of HTTP/1.1
     * frees its kernel's buffer so rarely that it exceeds the write timeout of this profile.
     */
    @ParameterizedTest
    @EnumSource(names = "H2C")
    void e7LinesEndWithTheirLastLineWhenTheTokenExpires(Protocol protocol) {
        publishMuch();
        long expiry = Instant.now().plusSeconds(2).getEpochSecond();
        String token = TokenMint.wellKnown().token("{\"exp\":" + expiry + "}");
        HttpClient client = vertx.createHttpClient(protocol.options());
        HttpClientResponse slow = lines(client, uri + "&authorization=" + token);
        Buffer all = Buffer.buffer();
        CompletableFuture<Void> end = new CompletableFuture<>();
        slow.endHandler(end::complete);
        slow.exceptionHandler(end::completeExceptionally);
        slow.handler(part -> {
            all.appendBuffer(part);
            boolean expired = Instant.now().getEpochSecond() > expiry;
            vertx.setTimer(expired ? 1 : 100, later -> slow.fetch(1));
        });

        slow.fetch(1);
        Patience.done(end);

        String[] lines = all.toString().split("\n");
        JsonObject last = new JsonObject(lines[lines.length - 1]);
        assertThat(lines.length).isLessThan(EVENTS + 1);
        String rest = read(lines(
                        client, uri.replace("since=earliest", "since=" + PastEvents.escaped(last.getString("next")))))
                .toString();
        assertThat(rest.split("\n")).hasSize(EVENTS + 1 - (lines.length - 1));
    }

    /** Over HTTP/2 they share one connection. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void q16WaitingRequestsAreAnsweredOverEachProtocol(Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        var answers = IntStream.range(0, 20)
                .mapToObj(i -> client.request(HttpMethod.GET, uri + "&wait=5m")
                        .compose(HttpClientRequest::send)
                        .compose(HttpClientResponse::body))
                .toList();
        eventually().until(() -> server.subscribers() == 20);

        String id = HubClient.publish(topic, "{\"n\":1}");

        assertThat(answers).allSatisfy(answer -> assertThat(
                        Patience.done(answer.toCompletionStage()).toString())
                .contains(id));
    }
}
