package dev.herald.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.http.HubPaths;
import dev.herald.memory.HeapShares;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a reset (RFC 9113 §6.4), by the client or by the hub, ends only its own stream of an HTTP/2 connection. The
 * reset arrives before the body, within it, while the hub processes the request, instead of an error response, or while
 * a response waits for flow control. The reservations of the request are released.
 */
@QuarkusTest
@TestProfile(TlsProfile.class)
class Http2ResetTest {
    private static final int STAYING = 1;
    private static final int RESETS = 5;
    private static final int BODIES = 100;
    private static final int WINDOW_BYTES = 65_535;

    @Inject
    HeapShares heap;

    private final String topic = UUID.randomUUID().toString();

    /** How a connection negotiates HTTP/2. Stream 1 of each is a stream of events. */
    enum Protocol {
        TLS,
        CLEAR_TEXT,
        UPGRADE;

        RawHttp2 open(String topic) throws Exception {
            String path = "/SSE?topic=" + topic;
            RawHttp2 connection;
            if (this == UPGRADE) {
                connection = RawHttp2.upgrade(path);
            } else {
                connection = RawHttp2.connect(this == TLS ? Http2Test.Transport.TLS : Http2Test.Transport.CLEAR_TEXT);
                connection.send(get(path).apply(STAYING));
            }
            assertThat(connection.outcome(STAYING)).isEqualTo("200");
            assertThat(connection.content(STAYING, "data: {}\n\n")).isEqualTo("data: {}\n\n");
            return connection;
        }
    }

    /** What is reset, by the number of its stream. */
    enum Request {
        STREAM(get("/SSE")),
        PAGE(get("/")),
        HEALTH(get("/q/health/ready")),
        NO_BODY(post("/message")),
        HALF_A_BODY(stream -> joined(post("/message").apply(stream), RawHttp2.data(stream, false, "["))),
        WHOLE_BODY(stream -> joined(post("/message?topic=other").apply(stream), RawHttp2.data(stream, true, "1"))),
        NO_BODY_AFTER_100(post("/message", "expect", "100-continue")),
        NOT_JSON(stream -> joined(post("/message").apply(stream), RawHttp2.data(stream, true, "{"))),
        TOO_LARGE(post("/message", "content-length", "2000000")),
        BAD_TOKEN(get("/SSE", "authorization", "Bearer none")),
        NO_RIGHT(get(HubPaths.SUBSCRIPTIONS)),
        NOTHING(get("/nothing")),
        NO_FORM(post("/SSE")),
        HALF_A_FORM(stream -> joined(
                request("POST", false, "/SSE", "content-type", "application/x-www-form-urlencoded")
                        .apply(stream),
                RawHttp2.data(stream, false, "topic="))),
        WRONG_METHOD(get("/message"));

        private final IntFunction<byte[]> frames;

        Request(IntFunction<byte[]> frames) {
            this.frames = frames;
        }
    }

    private static IntFunction<byte[]> get(String path, String... fields) {
        return request("GET", true, path, fields);
    }

    private static IntFunction<byte[]> post(String path, String... fields) {
        String[] typed = Arrays.copyOf(fields, fields.length + 2);
        typed[fields.length] = "content-type";
        typed[fields.length + 1] = "application/json";
        return request("POST", false, path, typed);
    }

    private static IntFunction<byte[]> request(String method, boolean ends, String path, String... fields) {
        String[] all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "host";
        all[fields.length + 1] = "localhost";
        return stream -> RawHttp2.headers(stream, ends, RawHttp2.request(method, path, all));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Stream.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static List<Arguments> requests() {
        return arguments(EnumSet.allOf(Request.class));
    }

    /** Those that are answered without more from the client. */
    private static List<Arguments> answeredRequests() {
        return arguments(EnumSet.complementOf(
                EnumSet.of(Request.NO_BODY, Request.HALF_A_BODY, Request.HALF_A_FORM, Request.NO_BODY_AFTER_100)));
    }

    private static List<Arguments> arguments(Set<Request> requests) {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> requests.stream().map(request -> Arguments.of(protocol, request)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestThatIsResetBeforeItsAnswerDoesNotAffectOtherStreams(Protocol protocol, Request request)
            throws Exception {
        try (RawHttp2 connection = protocol.open(topic)) {
            int stream = STAYING;
            for (int i = 0; i < RESETS; i++) {
                stream += 2;
                // In one write, which the hub reads to its end before it can answer.
                connection.send(joined(request.frames.apply(stream), RawHttp2.reset(stream)));
            }

            assertOthersGoOn(connection, stream + 2);
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestThatIsResetAtSomePointDoesNotAffectOtherStreams(Protocol protocol, Request request) throws Exception {
        try (RawHttp2 connection = protocol.open(topic)) {
            int stream = STAYING;
            for (int i = 0; i < RESETS; i++) {
                stream += 2;
                connection.send(request.frames.apply(stream));
                connection.send(RawHttp2.reset(stream));
            }

            assertOthersGoOn(connection, stream + 2);
        }
    }

    @ParameterizedTest
    @MethodSource("answeredRequests")
    void anAnswerThatIsResetWhileItWaitsDoesNotAffectOtherStreams(Protocol protocol, Request request) throws Exception {
        try (RawHttp2 connection = protocol.open(topic)) {
            takeNoContentExceptOfStaying(connection);
            int stream = STAYING;
            for (int i = 0; i < RESETS; i++) {
                stream += 2;
                connection.send(request.frames.apply(stream));
                assertThat(connection.outcome(stream)).matches("[245]\\d\\d");

                connection.send(RawHttp2.reset(stream));
            }

            assertOthersGoOn(connection, stream + 2);
        }
    }

    /** The hub resets a stream whose body it does not read, two seconds after its answer. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void anAnswerThatTheHubResetsWhileItWaitsDoesNotAffectOtherStreams(Protocol protocol) throws Exception {
        try (RawHttp2 connection = protocol.open(topic)) {
            takeNoContentExceptOfStaying(connection);
            connection.send(Request.TOO_LARGE.frames.apply(3));
            assertThat(connection.outcome(3)).isEqualTo("413");

            assertThat(connection.outcome(3)).isEqualTo("reset");

            assertOthersGoOn(connection, 5);
        }
    }

    /** As 200 bodies of 1 MiB at once do: the hub answers those without room, and resets their streams later. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void answersToBodiesBeyondTheBudgetDoNotAffectOtherStreamsWhenTheHubResetsThem(Protocol protocol) throws Exception {
        try (RawHttp2 connection = protocol.open(topic)) {
            takeNoContentExceptOfStaying(connection);
            int stream = STAYING;
            heap.bodies().reserve(heap.bodies().limit());
            try {
                for (int i = 0; i < BODIES; i++) {
                    stream += 2;
                    connection.send(Request.HALF_A_BODY.frames.apply(stream));
                    assertThat(connection.outcome(stream)).isEqualTo("503");
                }
            } finally {
                heap.bodies().release(heap.bodies().limit());
            }

            // The others' resets came before.
            assertThat(connection.outcome(stream)).isEqualTo("reset");

            assertOthersGoOn(connection, stream + 2);
        }
    }

    private static void takeNoContentExceptOfStaying(RawHttp2 connection) throws IOException {
        connection.send(RawHttp2.initialWindow(0)).send(RawHttp2.windowUpdate(STAYING, WINDOW_BYTES));
    }

    /** @param stream number that is not used yet */
    private void assertOthersGoOn(RawHttp2 connection, int stream) throws IOException {
        assertThat(connection.ping()).isEqualTo("pong");
        eventually().untilAsserted(() -> {
            assertThat(heap.bodies().reserved()).isZero();
            assertThat(heap.updates().reserved()).isZero();
            assertThat(heap.requests().reserved()).isZero();
        });
        connection.send(joined(post("/message?topic=" + topic).apply(stream), RawHttp2.data(stream, true, "1")));
        assertThat(connection.outcome(stream)).isEqualTo("200");
        publish(topic, "2");
        assertThat(connection.content(STAYING, "data: 1\n\n")).isEqualTo("data: 1\n\n");
        assertThat(connection.content(STAYING, "data: 2\n\n")).isEqualTo("data: 2\n\n");
        assertThat(connection.ping()).isEqualTo("pong");
    }
}
