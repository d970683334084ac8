package dev.herald.web;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.memory.HeapShares;
import dev.herald.sse.EventStream;

import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of requests before they reach a resource. A request with ambiguous framing closes its connection, and nothing
 * after it is executed (RFC 9112 §11.2); over HTTP/2 a request with two hosts ends its stream only. URLs are accepted
 * as browsers write them, in every version of HTTP (PROTOCOL Q20). Pages of listed origins can read rejections. An
 * incomplete head closes its connection. A head that is too long fails its request, and over HTTP/2 the connection if
 * it exceeds the limit by a quarter.
 */
@QuarkusTest
@TestProfile(TlsProfile.class)
class RequestParsingTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String TEXT = "Content-Type: text/plain\r\n";
    private static final String LENGTH = "Content-Length: 2\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String CHUNKS = "\r\n2\r\nhi\r\n0\r\n\r\n";
    private static final String RAW = "{a}|^\\`\"<>%zz%";

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    HeapShares heap;

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    /** The fault, the expected status, and the bytes; TOPIC is the topic. */
    static Stream<List<String>> invalid() {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("no Host", head("1.1") + TEXT + LENGTH + "\r\nhi");
        bad.put("two Hosts", head("1.1") + HOST + HOST + TEXT + LENGTH + "\r\nhi");
        bad.put("two Hosts in HTTP/1.0", head("1.0") + HOST + HOST + TEXT + LENGTH + "\r\nhi");
        for (String host : List.of("", "a b", "u@h", "a:1:2", "a:x", "a:99999", ":80", "a/b", "a?b", "\u00e4")) {
            bad.put("Host '" + host + "'", head("1.1") + "Host: " + host + "\r\n" + TEXT + LENGTH + "\r\nhi");
        }
        bad.put("both lengths", post(CHUNKED + LENGTH) + CHUNKS);
        bad.put("both lengths, turned", post(LENGTH + CHUNKED) + CHUNKS);
        bad.put("two equal lengths", post(LENGTH + LENGTH) + "\r\nhi");
        bad.put("two lengths", post(LENGTH + "Content-Length: 20\r\n") + "\r\nhi");
        bad.put("two lengths in HTTP/1.0", head("1.0") + HOST + TEXT + LENGTH + "Content-Length: 20\r\n\r\nhi");
        for (String length : List.of("", "+2", "-2", "2,2", "0x2", "2 2", "2;", "two", "99999999999999999999")) {
            bad.put("length '" + length + "'", post("Content-Length: " + length + "\r\n") + "\r\nhi");
        }
        for (String coding : List.of(
                "chunked, chunked",
                "chunked, gzip",
                "chunked,",
                "",
                "\"chunked\"",
                "chunked;q=1",
                "\u000bchunked",
                ",")) {
            bad.put("coding '" + coding + "'", post("Transfer-Encoding: " + coding + "\r\n") + CHUNKS);
        }
        bad.put("chunked twice", post(CHUNKED + CHUNKED) + CHUNKS);
        bad.put("gzip behind chunked", post(CHUNKED + "Transfer-Encoding: gzip\r\n") + CHUNKS);
        bad.put("chunked in HTTP/1.0", head("1.0") + HOST + TEXT + CHUNKED + CHUNKS);
        bad.put("blank before colon", post("Content-Length : 2\r\n") + "\r\nhi");
        bad.put("folded header", post("X: a\r\n b\r\n" + LENGTH) + "\r\nhi");
        bad.put("folded coding", post("Transfer-Encoding:\r\n chunked\r\n") + CHUNKS);
        bad.put("bare LF", (post(LENGTH) + "\r\nhi").replace("\r\n", "\n"));
        bad.put("bare CR", post("X: a\r" + LENGTH + LENGTH) + "\r\nhi");
        bad.put("NUL in value", post("X: a\0b\r\n" + LENGTH) + "\r\nhi");
        bad.put("NUL in target", post(LENGTH).replace("TOPIC", "TOPIC\0") + "\r\nhi");
        bad.put("empty name", post(": x\r\n" + LENGTH) + "\r\nhi");
        bad.put("no colon", post("X\r\n" + LENGTH) + "\r\nhi");
        bad.put("tab in request line", post(LENGTH).replaceFirst(" ", "\t") + "\r\nhi");
        bad.put("two blanks in request line", post(LENGTH).replaceFirst(" ", "  ") + "\r\nhi");
        bad.put("blank in target", post(LENGTH).replace("TOPIC", "TOPIC x") + "\r\nhi");
        bad.put("blank before request", " " + post(LENGTH) + "\r\nhi");
        bad.put("relative target", post(LENGTH).replace("/message", "message") + "\r\nhi");
        bad.put("broken address in absolute target", post(LENGTH).replace("/message", "http://[x/message") + "\r\nhi");
        bad.put("user in absolute target", post(LENGTH).replace("/message", "http://u@localhost/message") + "\r\nhi");
        bad.put(
                "body without a header",
                head("1.1").replace("POST", "GET") + HOST + "Sec-WebSocket-Key1: a\r\n"
                        + "Sec-WebSocket-Key2: b\r\n\r\n");
        for (String size : List.of(
                "-2",
                "+2",
                "0x2",
                "",
                " 2",
                "2 ",
                "2 x",
                "100000002",
                "10000000000000002",
                "0".repeat(17) + "2",
                "2;a\n",
                "2;a\rb",
                "2;" + "a".repeat(20_000))) {
            bad.put(
                    "chunk size '" + size.substring(0, Math.min(20, size.length())) + "'",
                    post(CHUNKED) + "\r\n" + size + "\r\nhi\r\n0\r\n\r\n");
        }
        bad.put("chunk longer than its size", post(CHUNKED) + "\r\n2\r\nhi!\r\n0\r\n\r\n");
        bad.put("bare LF behind a chunk", post(CHUNKED) + "\r\n2\r\nhi\n0\r\n\r\n");
        bad.put("bare LF behind a size", post(CHUNKED) + "\r\n2\nhi\r\n0\r\n\r\n");
        bad.put("bare LF in trailers", post(CHUNKED) + "\r\n2\r\nhi\r\n0\r\nX: y\n\r\n");
        bad.put("NUL in trailers", post(CHUNKED) + "\r\n2\r\nhi\r\n0\r\nX: \0\r\n\r\n");
        bad.put("folded trailer", post(CHUNKED) + "\r\n2\r\nhi\r\n0\r\nX: y\r\n z\r\n\r\n");

        Map<String, String> unknown = new LinkedHashMap<>();
        for (String coding : List.of("gzip", "gzip, chunked", "xchunked", "identity")) {
            unknown.put("coding '" + coding + "'", post("Transfer-Encoding: " + coding + "\r\n") + CHUNKS);
        }
        Map<String, String> version = new LinkedHashMap<>();
        for (String number : List.of("1.2", "1.11", "2.0", "0.9")) {
            version.put("HTTP/" + number, head(number) + HOST + TEXT + LENGTH + "\r\nhi");
        }
        return Stream.of(rows("400", bad), rows("501", unknown), rows("505", version))
                .flatMap(rows -> rows);
    }

    private static Stream<List<String>> rows(String status, Map<String, String> requests) {
        return requests.entrySet().stream().map(entry -> List.of(entry.getKey(), status, entry.getValue()));
    }

    private static String head(String version) {
        return "POST /message?topic=TOPIC HTTP/" + version + "\r\n";
    }

    private static String post(String headers) {
        return head("1.1") + HOST + TEXT + headers;
    }

    /** One test, since a row each would open a stream each. */
    @Test
    void invalidRequestClosesItsConnectionAndPublishesNothing() throws IOException {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String behind = (post(LENGTH) + "\r\nno").replace("TOPIC", topic);
        SoftAssertions all = new SoftAssertions();

        for (List<String> row : invalid().toList()) {
            try (RawConnection connection = new RawConnection()) {
                connection.send(row.get(2).replace("TOPIC", topic) + behind);
                String answers = readToEnd(connection);

                all.assertThat(answers.split("HTTP/1\\.[01] (?=\\d)", -1))
                        .as(row.get(0))
                        .hasSize(2);
                all.assertThat(answers).as(row.get(0)).matches("(?s)HTTP/1\\.[01] " + row.get(1) + " .*");
                all.assertThat(answers).as(row.get(0)).containsIgnoringCase("x-content-type-options: nosniff");
                all.assertThat(answers).as(row.get(0)).containsIgnoringCase("connection: close");
                all.assertThat(answers)
                        .as(row.get(0))
                        .containsIgnoringCase("content-type: application/problem+json")
                        .contains("\"status\":" + row.get(1) + ",");
            }
        }

        all.assertAll();
        publish(topic, "\"after\"");
        assertThat(stream.awaitCount(2).data()).containsExactly("\"after\"");
    }

    /** A reset may arrive early, when the hub closes with unread input. */
    private static String readToEnd(RawConnection connection) throws IOException {
        StringBuilder read = new StringBuilder();
        try {
            for (String line = connection.readUntil("\n"); !line.isEmpty(); line = connection.readUntil("\n")) {
                read.append(line);
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            return read.toString();
        }
        return read.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n02 ;a=b\r\nhi\r\n000\r\nX: y\r\n\r\n",
                "Content-Length: 002\r\n\r\nhi",
            })
    void validFramingIsAcceptedInOnePieceAndByteByByte(String framing) throws IOException {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String request = (post("") + framing).replace("TOPIC", topic);
        try (RawConnection connection = new RawConnection()) {
            assertThat(connection.send("\r\n" + request).answer()).startsWith("HTTP/1.1 200 ");
            for (char c : request.toCharArray()) {
                connection.send(String.valueOf(c));
            }
            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }

        assertThat(stream.awaitCount(3).data()).hasSize(2).containsOnly("{\"message\":\"hi\"}");
    }

    @Test
    void absoluteTargetIsServedForItsOwnHost() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET http://localhost:1?topic=a HTTP/1.1\r\nHost: other\r\n\r\n");

            assertThat(connection.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void rejectionIsAProblemDocumentThatVariesByOrigin() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.1\r\nHost: a b\r\nOrigin: https://shop.example\r\n\r\n");

            assertThat(connection.answer())
                    .containsIgnoringCase("content-type: application/problem+json")
                    .containsIgnoringCase("vary: origin")
                    .contains("\"status\":400", "'Host'");
        }
    }

    /** Netty itself rejects the last two, and its reasons are not in the response. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1.1|gzip|The only supported transfer coding is 'chunked'.",
                "1.1|chunked, gzip|'Transfer-Encoding' must be 'chunked', once.",
                "1.0|chunked|HTTP/1.0 has no 'Transfer-Encoding': send 'Content-Length'."
            })
    void rejectedTransferCodingIsNamed(String version, String coding, String detail) throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(head(version) + HOST + TEXT + "Transfer-Encoding: " + coding + "\r\n" + CHUNKS);

            assertThat(connection.answer()).contains(detail);
        }
    }

    private HttpClientResponse get(HttpClient client, HttpMethod method, String target) {
        return Patience.done(client.request(method, target)
                .compose(request -> request.putHeader("Content-Type", "text/plain")
                        .send(method == HttpMethod.POST ? Buffer.buffer("hi") : Buffer.buffer()))
                .map(RequestParsingTest::quietAtTheEnd)
                .toCompletionStage());
    }

    /** A stream ends with its client, which would log that. Complete responses accept no handler. */
    private static HttpClientResponse quietAtTheEnd(HttpClientResponse response) {
        if ("text/event-stream".equals(response.getHeader("Content-Type"))) {
            response.exceptionHandler(ended -> {});
        }
        return response;
    }

    @ParameterizedTest
    @EnumSource(TakeoverPathTest.Protocol.class)
    void q20UrlsAsWrittenByBrowsersAreAcceptedOnEveryPath(TakeoverPathTest.Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        Map<String, Integer> expected = new LinkedHashMap<>();
        expected.put("/SSE?topic=" + RAW, 200);
        expected.put("/.well-known/mercure?topic=" + RAW, 200);
        expected.put("/.well-known/mercure/subscriptions?x=" + RAW, 401);
        expected.put("/.well-known/mercure/subscriptions/" + RAW + "?x=" + RAW, 401);
        expected.put("/?topic=" + RAW, 200);
        expected.put("/sse?topic=" + RAW, 200);
        expected.put("/q/health/live?x=" + RAW, 200);
        expected.put("/nothing?x=" + RAW, 404);
        expected.put("/nothing" + RAW, 404);
        SoftAssertions all = new SoftAssertions();

        expected.forEach((target, status) -> {
            HttpClientResponse answer = get(client, HttpMethod.GET, target);
            all.assertThat(answer.version()).isEqualTo(protocol.version);
            all.assertThat(answer.statusCode()).as(target).isEqualTo(status);
            all.assertThat(answer.headers().getAll("X-Content-Type-Options"))
                    .as(target)
                    .containsExactly("nosniff");
        });

        all.assertThat(get(client, HttpMethod.POST, "/message?topic=" + RAW).statusCode())
                .isEqualTo(200);
        all.assertAll();
    }

    @ParameterizedTest
    @EnumSource(TakeoverPathTest.Protocol.class)
    void q20TemplateInRawBracesSelectsItsExpansions(TakeoverPathTest.Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        EventStream stream =
                EventStream.open(client, "/SSE?topic=/" + topic + "/{id}").awaitCount(1);

        publish("/" + topic + "/7", "1");
        publish("/" + topic + "/7/8", "2");
        publish("/" + topic + "/é", "3");

        assertThat(stream.awaitCount(3).data()).containsExactly("1", "3");
    }

    @Test
    void q20Http10AcceptsRawBraces() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection
                    .send("GET /SSE?topic=/" + topic + "/{id} HTTP/1.0\r\n\r\n")
                    .readUntil("data: {}\n\n");
            publish("/" + topic + "/7", "1");

            assertThat(connection.readUntil("\n\n")).endsWith("data: 1\n\n");
        }
    }

    /** Waits the default of 10 s once for all connections. */
    @Test
    void incompleteHeadClosesItsConnectionAndNoOther() throws Exception {
        String request = "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        int tls = TakeoverPathTest.Protocol.HTTP_1_1_OVER_TLS.options().getDefaultPort();
        List<RawConnection> late = new ArrayList<>();
        List<RawConnection> others = new ArrayList<>();
        try {
            late.add(new RawConnection());
            late.add(new RawConnection().send("G"));
            late.add(new RawConnection().send("\r\n"));
            late.add(new RawConnection().send("GET / HTTP/1.1\r\nHost: localhost\r\nX: "));
            late.add(new RawConnection().send("PRI * HTTP/2.0\r\n\r\nSM"));
            late.add(new RawConnection().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"));
            // HEADERS without END_HEADERS: the continuation never arrives.
            late.add(new RawConnection()
                    .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\1\1\1\0\0\0\1\u0082"));
            late.add(RawConnection.plain(tls));
            late.add(RawConnection.plain(tls).send("\u0016\u0003\u0001"));
            late.add(RawConnection.secured(TlsProfile.trusting().getSocketFactory(), 0, tls)
                    .send("GET"));
            RawConnection second = new RawConnection().send(request);
            assertThat(second.answer()).startsWith("HTTP/1.1 200 ");
            late.add(second.send("GET /q/he"));
            others.add(new RawConnection().send(request));
            others.add(new RawConnection().send("GET /SSE?topic=" + topic + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            others.add(new RawConnection().send("GET /SSE?topic=" + topic + " HTTP/1.0\r\n\r\n"));
            others.get(0).answer();
            others.get(1).readUntil("data: {}\n\n");
            others.get(2).readUntil("data: {}\n\n");

            for (RawConnection connection : late) {
                readToEnd(connection);
            }

            assertThat(others.get(0).send(request).answer()).startsWith("HTTP/1.1 200 ");
            publish(topic, "\"still here\"");
            others.get(1).readUntil("still here");
            others.get(2).readUntil("still here");
        } finally {
            for (RawConnection connection : late) {
                connection.close();
            }
            for (RawConnection connection : others) {
                connection.close();
            }
        }
    }

    /** Otherwise each response with a unique id would occupy memory until the connection ends. */
    @ParameterizedTest
    @EnumSource(Http2Test.Transport.class)
    void tableOfSentHeaderFieldsKeepsItsDefaultSizeWhateverTheClientOffers(Http2Test.Transport way) throws Exception {
        try (RawHttp2 connection = RawHttp2.connect(way)) {
            connection.send(connection.headerTable(1 << 20)).send(naming(1, ":authority", "localhost"));

            assertThat(connection.outcome(1)).isEqualTo("200");
            assertThat(connection.headerTableBytes()).isEqualTo(4_096);
        }
    }

    private static byte[] naming(int stream, String... hosts) {
        return RawHttp2.headers(stream, true, RawHttp2.request("GET", "/q/health/live", hosts));
    }

    /** As in HTTP/1; the connection, which carries others, stays open (RFC 9113 §8.3.1). */
    @ParameterizedTest
    @EnumSource(Http2Test.Transport.class)
    void requestWithTwoHostsOverHttp2IsRejected(Http2Test.Transport way) throws Exception {
        String first = "localhost";
        String other = "other";
        try (RawHttp2 connection = RawHttp2.connect(way)) {
            assertThat(connection
                            .send(naming(1, ":authority", first, "host", other))
                            .outcome(1))
                    .isEqualTo("400");
            assertThat(connection.send(naming(3, "host", first, "host", other)).outcome(3))
                    .isEqualTo("400");
            assertThat(connection.send(naming(5, "host", first, "host", first)).outcome(5))
                    .isEqualTo("400");
        }
    }

    /** Otherwise a page could not distinguish it from a network failure, nor read Retry-After. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "H2C"})
    void rejectionForLackOfMemoryOverHttp2IsReadableByAListedPage(TakeoverPathTest.Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        get(client, HttpMethod.GET, "/q/health/live");
        heap.requests().reserve(heap.requests().limit());
        HttpClientResponse answer;
        try {
            answer = Patience.done(client.request(HttpMethod.POST, "/message?topic=" + topic)
                    .compose(request -> request.putHeader("Content-Type", "text/plain")
                            .putHeader("Origin", TlsProfile.LISTED)
                            .send("hi"))
                    .toCompletionStage());
        } finally {
            heap.requests().release(heap.requests().limit());
        }

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
        assertThat(answer.getHeader("Access-Control-Allow-Origin")).isEqualTo(TlsProfile.LISTED);
        assertThat(answer.getHeader("Access-Control-Expose-Headers")).contains("Retry-After");
        assertThat(answer.getHeader("Vary")).isEqualToIgnoringCase("Origin");
        assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    private static byte[] head(int stream, String path, int headerBytes) {
        return RawHttp2.headers(
                stream,
                true,
                RawHttp2.request("GET", path, ":authority", "localhost", "x-long", "x".repeat(headerBytes)));
    }

    /**
     * The limit is 64 KB for the path, and 64 KB for all other fields, as over HTTP/1.1. Far above, the connection ends: its
     * table of fields would have to be kept up to date.
     */
    @ParameterizedTest
    @EnumSource(Http2Test.Transport.class)
    void longHeadOverHttp2IsAcceptedUpToTheLimit(Http2Test.Transport transport) throws Exception {
        String live = "/q/health/live";
        try (RawHttp2 connection = RawHttp2.connect(transport)) {
            assertThat(connection.send(head(1, live, 9_000)).outcome(1)).isEqualTo("200");
            assertThat(connection.send(head(3, live, 65_000)).outcome(3)).isEqualTo("200");
            String longPath = live + "?x=" + "y".repeat(60_000);
            assertThat(connection.send(head(5, longPath, 1)).outcome(5)).isEqualTo("200");

            assertThat(connection.send(head(7, longPath, 60_000)).outcome(7)).isEqualTo("200");

            assertThat(connection.send(head(9, live, 66_000)).outcome(9)).isEqualTo("431");
            assertThat(connection.send(head(11, live, 130_000)).outcome(11)).isEqualTo("431");
            assertThat(connection.send(head(13, live, 150_000)).outcome(13)).isEqualTo("431");
            String tooLong = longPath + "y".repeat(6_000);
            assertThat(connection.send(head(15, tooLong, 1)).outcome(15)).isEqualTo("414");

            assertThat(connection.send(head(17, live, 1)).outcome(17)).isEqualTo("200");
            assertThat(connection.send(head(19, live, 200_000)).outcome(19)).isEqualTo("goaway");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_2", "H2C"})
    void longHeadOverHttp2OpensAStream(TakeoverPathTest.Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        String selectors = IntStream.range(0, 12)
                .mapToObj(i -> "topic=" + "t".repeat(3_900) + i)
                .collect(Collectors.joining("&"));

        EventStream stream = EventStream.open(client, "/SSE?topic=" + topic + "&" + selectors)
                .awaitCount(1);

        publish(topic, "1");
        assertThat(stream.awaitCount(2).data()).containsExactly("1");
    }
}
