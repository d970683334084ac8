package dev.herald.http;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.memory.HeapShares;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the end of HTTP/1.1 connections during a shutdown (PROTOCOL E8), on a server with one route. */
class RequestsInProgressTest {
    private static final String THREE = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\n"
            + "Content-Length: 4\r\n\r\nbodyGET /3 HTTP/1.1\r\nHost: x\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final RequestsInProgress requests =
            new RequestsInProgress(new BodyReader(vertx, new Limits(), HeapShares.of(64 << 20, false)));
    private boolean answersAtOnce;
    private final List<String> served = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void listen() {
        Filters filters = new Filters();
        requests.register(filters);
        Router router = Router.router(vertx);
        filters.getFilters().forEach(filter -> router.route().handler(filter.getHandler()));
        router.route().handler(context -> {
            served.add(context.request().path());
            if (answersAtOnce) {
                context.response().end("served");
            } else {
                context.request()
                        .end(ended ->
                                vertx.runOnContext(later -> context.response().end("served")));
            }
        });
        server = Patience.done(vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "localhost")
                .toCompletionStage());
    }

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    /** Answers to a text of requests that is sent at once, until the server closes the connection or is silent. */
    private String answers(String text, int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answers = new StringBuilder();
            while (answers.toString().split("served", -1).length <= count) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                answers.append((char) next);
            }
            return answers.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pipelinedRequestsAreServedUntilTheShutdown(boolean atOnce) throws IOException {
        answersAtOnce = atOnce;

        assertThat(answers(THREE, 3)).doesNotContainIgnoringCase("connection: close");

        assertThat(served).containsExactly("/1", "/2", "/3");
        assertThat(requests.finish(Patience.LIMIT)).isZero();
    }

    /**
     * Their client does not read their answers after {@code Connection: close}, and sends them again. The last answer may
     * precede the end of its request, as that of a rejection.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void e8RequestsPipelinedBehindTheLastAnswerOfAConnectionAreNotServed(boolean atOnce) throws IOException {
        answersAtOnce = atOnce;
        requests.announceEnd();

        assertThat(answers(THREE, 3)).containsOnlyOnce("HTTP/1.1 200").containsIgnoringCase("connection: close");

        assertThat(requests.finish(Patience.LIMIT)).isZero();
        close();
        assertThat(served).containsExactly("/1");
    }

    /** Default limits of publishing. */
    private static final class Limits implements PublishConfig {
        @Override
        public MemorySize maxBody() {
            return new MemorySize(BigInteger.valueOf(1_000));
        }

        @Override
        public Duration bodyTimeout() {
            return Patience.LIMIT;
        }

        @Override
        public int maxWaiting() {
            return 1;
        }

        @Override
        public Duration idempotency() {
            return Duration.ofMinutes(1);
        }

        @Override
        public long maxIdempotencyKeys() {
            return 1;
        }
    }
}
