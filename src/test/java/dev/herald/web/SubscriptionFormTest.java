package dev.herald.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.sse.EventStream;
import dev.herald.stream.StreamStats;
import dev.herald.stream.StreamStats.OutletKind;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q19 on the quick API: streams that a form in the body selects. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class SubscriptionFormTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final HttpMethod QUERY = HttpMethod.valueOf("QUERY");
    private static final int MAX_TOPICS = 1_000;

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    StreamStats counts;

    @Inject
    Hub server;

    @Inject
    HeapShares heap;

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    private Answer refused(HttpMethod method, String uri, Map<String, String> headers, String form) {
        return hub.send(method, uri, headers, Buffer.buffer(form));
    }

    private Answer refused(String uri, String form) {
        return refused(HttpMethod.POST, uri, Map.of("Content-Type", FORM), form);
    }

    private static void assertProblem(Answer answer, int status, String type, String... inDetail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(JsonPath.from(answer.body()).getString("type")).endsWith(":" + type);
        String detail = JsonPath.from(answer.body()).getString("detail");
        assertThat(inDetail).allSatisfy(part -> assertThat(detail).contains(part));
    }

    static List<Arguments> protocolsAndMethods() {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> Stream.of(HttpMethod.POST, QUERY).map(method -> Arguments.of(protocol, method)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("protocolsAndMethods")
    void q19FormOpensAStreamOverEachProtocol(Protocol protocol, HttpMethod method) {
        long before = counts.total(protocol.outlet);
        EventStream stream = EventStream.open(
                        vertx.createHttpClient(protocol.options()),
                        method,
                        "/SSE",
                        Map.of("Content-Type", FORM),
                        Buffer.buffer("topic=" + topic + "&topic=" + topic + "%2Fb"))
                .awaitCount(1);

        publish(topic, "1");
        publish(topic + "/a", "2");
        publish(topic + "/b", "3");

        assertThat(stream.awaitCount(3).data()).containsExactly("1", "3");
        assertThat(stream.version()).isEqualTo(protocol.version);
        assertThat(stream.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(counts.total(protocol.outlet) - before).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"POST,/sse", "QUERY,/sse", "QUERY,/SSE"})
    void q19BothSpellingsOfThePathTakeAForm(String method, String path) {
        EventStream stream = hub.open(HttpMethod.valueOf(method), path, Map.of(), "topic=" + topic)
                .awaitCount(1);

        publish(topic, "1");

        assertThat(stream.awaitCount(2).data()).containsExactly("1");
    }

    @Test
    void q19AThousandLongTopicsAreSelected() {
        List<String> topics = IntStream.range(0, MAX_TOPICS)
                .mapToObj(i -> topic + "/" + "x".repeat(200) + i)
                .toList();
        String form = topics.stream().map(name -> "topic=" + name).collect(Collectors.joining("&"));
        EventStream stream = hub.open(HttpMethod.POST, "/SSE", Map.of(), form).awaitCount(1);

        publish(topics.get(0), "1");
        publish(topics.get(MAX_TOPICS - 1), "2");

        assertThat(form.length()).isGreaterThan(200_000);
        assertThat(stream.awaitCount(3).data()).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_001, 2_001, 20_000})
    void q19MoreTopicsAreRejected(int count) {
        String form = IntStream.range(0, count).mapToObj(i -> "topic=" + i).collect(Collectors.joining("&"));

        assertProblem(refused("/SSE", form), 400, "invalid-field", "topic", "1000");
    }

    @Test
    void q19ParametersOfUrlAndFormCombine() {
        publish(topic, "1");
        publish(topic + "/b", "2");

        EventStream stream =
                hub.open(HttpMethod.POST, "/SSE?since=earliest&topic=" + topic, Map.of(), "topic=" + topic + "%2Fb");

        assertThat(stream.awaitCount(4).data()).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lastEventID", "lastEventId", "last_event_id", "last-event-id", "Last-Event-ID"})
    void q19FormHasTheIdToResumeFrom(String name) {
        String id = publish(topic, "1");
        publish(topic, "2");

        EventStream stream = hub.open(QUERY, "/SSE", Map.of(), "topic=" + topic + "&" + name + "=" + id);

        assertThat(stream.awaitCount(2).data()).containsExactly("2");
    }

    /** A client that reconnects sends the header; its form is that of the first request. */
    @Test
    void q19HeaderHasPrecedenceOverTheForm() {
        publish(topic, "1");
        String id = publish(topic, "2");
        publish(topic, "3");

        EventStream stream = hub.open(
                HttpMethod.POST, "/SSE", Map.of("Last-Event-ID", id), "topic=" + topic + "&lastEventID=earliest");

        assertThat(stream.awaitCount(2).data()).containsExactly("3");
    }

    @ParameterizedTest
    @CsvSource({
        "since=1,since=1,since",
        "envelope=1,envelope=1,envelope",
        "lastEventID=a,last_event_id=b,lastEventID",
        "lastEventID=a,lastEventID=a,lastEventID",
        "auth=required,auth=required,auth",
    })
    void q19OtherParameterInUrlAndFormIsRejected(String inUrl, String inForm, String name) {
        assertProblem(refused("/SSE?" + inUrl, inForm), 400, "invalid-field", "'" + name + "'", "URL", "form");
    }

    @Test
    void q19AuthRequiredInAFormNeedsAToken() {
        assertProblem(refused("/SSE", "auth=required&topic=" + topic), 401, "missing-token");

        String token = TokenMint.wellKnown().token("{}");
        assertThat(hub.open(
                                HttpMethod.POST,
                                "/SSE",
                                Map.of("Authorization", "Bearer " + token),
                                "auth=required&topic=" + topic)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void q19TokenInAFormIsRejected() {
        assertProblem(refused("/SSE", "authorization=x"), 400, "invalid-field", "authorization", "header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"since=0|since", "topic=%00|topic", "envelope=2|envelope", "auth=on|auth"})
    void q19InvalidFieldIsNamed(String form, String name) {
        assertProblem(refused("/SSE", form), 400, "invalid-field", "'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic=%FF", "topic=\u00ff\u00fe"})
    void q19FormThatIsNotUtf8IsRejected(String form) {
        Answer answer =
                hub.send(HttpMethod.POST, "/SSE", Map.of("Content-Type", FORM), Buffer.buffer(form, "ISO-8859-1"));

        assertProblem(answer, 400, "invalid-encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", "x"})
    void q19OtherTypeIsRejectedWith415(String type) {
        for (HttpMethod method : List.of(HttpMethod.POST, QUERY)) {
            Answer answer = refused(method, "/SSE", Map.of("Content-Type", type), "topic=" + topic);

            assertProblem(answer, 415, "unsupported-media-type", FORM, "POST /message");
            assertThat(answer.header("Accept-Query")).isEqualTo(FORM);
        }
        assertProblem(refused(HttpMethod.POST, "/SSE", Map.of(), ""), 415, "unsupported-media-type", FORM);
    }

    @Test
    void q19EmptyFormSelectsTheDefaultTopic() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /SSE HTTP/1.1\r\nHost: x\r\nContent-Type: " + FORM + "\r\nContent-Length: 0\r\n\r\n");

            assertThat(connection.readUntil("data: {}\n\n")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void q19LargerFormThanABodyMayBeIsRejected() {
        assertProblem(
                refused("/SSE", "topic=" + "x".repeat(1 << 20)), 413, "body-too-large", "herald.publish.max-body");
    }

    /** {@code POST /message} stays a publisher's, whatever its form has. */
    @Test
    void q19PublishingIsNotConcerned() {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        assertProblem(
                refused("/message", "topic=" + topic + "&message=1&envelope=1"), 400, "invalid-field", "envelope");
        assertThat(hub.send(QUERY, "/message", Map.of("Content-Type", FORM), Buffer.buffer("message=1"))
                        .status())
                .isEqualTo(405);
        EventStream other = hub.open(HttpMethod.POST, "/SSE", Map.of(), "topic=" + topic + "&message=1")
                .awaitCount(1);
        publish(topic, "2");

        assertThat(stream.awaitCount(2).data()).containsExactly("2");
        assertThat(other.awaitCount(2).data()).containsExactly("2");
    }

    @Test
    void q19FormOfAForeignPageIsReadableOnlyByTheRulesOfCors() {
        EventStream foreign =
                hub.open(HttpMethod.POST, "/SSE", Map.of("Origin", "https://evil.example"), "topic=" + topic);
        EventStream listed = hub.open(HttpMethod.POST, "/SSE", Map.of("Origin", TlsProfile.LISTED), "topic=" + topic);

        assertThat(foreign.status()).isEqualTo(200);
        assertThat(foreign.headers().get("Access-Control-Allow-Origin")).isNull();
        assertThat(listed.headers().get("Access-Control-Allow-Origin")).isEqualTo(TlsProfile.LISTED);
        for (String path : List.of("/SSE/x", "/message", "/.well-known/mercure")) {
            assertThat(refused(
                                    HttpMethod.POST,
                                    path,
                                    Map.of("Origin", "https://evil.example", "Content-Type", FORM),
                                    "topic=a")
                            .status())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    private String head(String headers) {
        return "POST /SSE HTTP/1.1\r\nHost: x\r\nContent-Type: " + FORM + "\r\n" + headers + "\r\n";
    }

    @Test
    void q19InvalidTokenIsRejectedBeforeTheForm() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(head("Authorization: Bearer none\r\nContent-Length: 10\r\n"));

            assertThat(connection.answer()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void q19FormArrivesInParts() throws IOException {
        String form = "topic=" + topic;
        long raw = counts.total(OutletKind.RAW_HTTP1);
        try (RawConnection connection = new RawConnection()) {
            connection.send(head("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"));
            assertThat(connection.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
            for (char c : form.toCharArray()) {
                connection.send("1\r\n" + c + "\r\n");
            }
            connection.send("0\r\n\r\n");
            assertThat(connection.readUntil("\r\n\r\n").toLowerCase())
                    .startsWith("http/1.1 200")
                    .contains("connection: close\r\n");
            publish(topic, "1");

            assertThat(connection.chunksUntil("data: 1\n\n")).contains("data: {}\n\n");
        }
        assertThat(counts.total(OutletKind.RAW_HTTP1) - raw).isEqualTo(1);
    }

    @Test
    void q19RequestsBeforeTheFormAreAnsweredAndThoseAfterItAreDropped() throws IOException {
        String form = "topic=" + topic;
        String post = "POST /message?topic=" + topic + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 6\r\n\r\n\"lost\"";
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
                    + head("Content-Length: " + form.length() + "\r\n") + form + post + post);
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
            assertThat(connection.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .contains("event-stream");
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
    void q19RefusedFormLeavesTheConnectionUsable() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(head("Content-Length: 7\r\n") + "since=0" + head("Content-Length: 7\r\n") + "since=0");

            assertThat(connection.answer()).startsWith("HTTP/1.1 400");
            assertThat(connection.answer()).startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void q19FormThatIsNeverCompleteOccupiesNothingAfterwards(boolean reset) throws IOException {
        eventually().until(() -> server.subscribers() == 0);
        long before = heap.streams().reserved();
        RawConnection connection = new RawConnection();
        connection.send(head("Content-Length: 100\r\n") + "topic=" + topic);
        eventually().until(() -> heap.streams().reserved() > before);
        assertThat(heap.bodies().reserved()).as("taken from publishers").isZero();

        if (reset) {
            connection.reset();
        } else {
            connection.close();
        }

        eventually().until(() -> heap.streams().reserved() == before);
        assertThat(server.subscribers()).isZero();
    }
}
