package dev.herald.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of every kind of refused target, method and upgrade, in each version of HTTP. The answer is a problem document
 * (RFC 9457) that a page of a listed origin can read. Over HTTP/2 there is none for an empty path (reset) and a head
 * above 144 KB (431), which Netty answers, and for a client that allows the hub too few bytes.
 */
@QuarkusTest
@TestProfile(TlsProfile.class)
class RefusalTest {
    private static final String ORIGIN = "Origin: " + TlsProfile.LISTED + "\r\n";

    /** Method, target and expected status, the same in each version. */
    private static final List<String> EVERYWHERE = List.of(
            "GET // 400",
            "GET /#a#b 400",
            "HEAD // 400",
            "POST // 400",
            "OPTIONS // 400",
            "GET * 400",
            "OPTIONS * 404",
            "GET /nothing 404",
            "HEAD /nothing 404",
            "GET //nothing 404",
            "GET /%2F%2F 404",
            "GET /%00 404",
            "GET /q/nothing 404",
            "POST /q/nothing 404",
            "FOO /nothing 404",
            "POST /page 404",
            "POST /page/ 404",
            "PUT /page/nothing.js 404",
            "PUT /page/../META-INF 404",
            "DELETE /.well-known/mercure/nothing 404",
            "OPTIONS /nothing 404",
            "OPTIONS /page/nothing.js 404",
            "OPTIONS /q/nothing 404",
            "OPTIONS /.well-known/nothing 404",
            "POST / 405",
            "TRACE / 405",
            "PUT /index.html 405",
            "POST /page/dom.js 405",
            "POST /page/./dom.js 405",
            "DELETE /herald.d.ts 405",
            "POST /q/openapi 405",
            "QUERY /q/openapi.yaml 405",
            "DELETE /q/metrics 405",
            "PUT /q/health/ready 405",
            "FOO /q/health 405",
            "TRACE /figures 405",
            "PUT /updates 405",
            "DELETE /sse 405",
            "POST /.well-known/mercure/subscriptions 405",
            "POST /.well-known/mercure/subscriptions/a/b 405",
            "GET /page/nothing 404",
            "HEAD /message 405",
            "TRACE /SSE 405",
            "FOO /SSE 405",
            "get /SSE 405",
            "PUT /message 405",
            "SEARCH /.well-known/mercure 405",
            "QUERY /.well-known/mercure 415",
            "QUERY /SSE 415",
            "QUERY /message 405",
            "GET /.well-known/mercure 400",
            "HEAD /.well-known/mercure 400",
            "POST /.well-known/mercure 400",
            "CONNECT /SSE 501");

    /** As above, for targets that HTTP/2 does not have. */
    private static final List<String> IN_HTTP_1 = List.of(
            "CONNECT localhost:443 501",
            "GET localhost:443 400",
            "GET nothing 400",
            "GET ?x=y 400",
            "GET ftp://localhost/ 400",
            "GET http://localhost// 400",
            "GET http://localhost/nothing 404",
            "HEAD http://localhost/nothing 404",
            "PUT http://localhost/SSE 405");

    private static final List<String> UPGRADES = List.of(
            "Upgrade: h2c\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n",
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade\r\nConnection: HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
            // Not Base64, one byte too few, and values that RFC 9113 §6.5.2 excludes.
            settings("!"),
            settings("AAMAAABkAA"),
            settings("AAIAAAAC"),
            settings("AAUAAAAA"),
            settings("AAT_____"),
            "Upgrade: websocket\r\nConnection: Upgrade\r\n",
            "Upgrade: h2\r\nConnection: Upgrade\r\n");

    private static String settings(String base64) {
        return "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: " + base64 + "\r\n";
    }

    private final SoftAssertions all = new SoftAssertions();

    @ParameterizedTest
    @EnumSource(Http2Test.Transport.class)
    void refusalOverHttp1IsAProblemDocument(Http2Test.Transport transport) throws Exception {
        for (List<String> rows : List.of(EVERYWHERE, IN_HTTP_1)) {
            for (String row : rows) {
                String[] words = row.split(" ");
                try (RawConnection connection = connect(transport)) {
                    connection.send(words[0] + " " + words[1] + " HTTP/1.1\r\nHost: localhost\r\n" + ORIGIN + "\r\n");

                    assertRefused(row, words[2], words[0].equals("HEAD") ? headOnly(connection) : connection.answer());
                }
            }
        }
        all.assertAll();
    }

    private static RawConnection connect(Http2Test.Transport transport) throws Exception {
        return transport == Http2Test.Transport.CLEAR_TEXT
                ? new RawConnection()
                : RawConnection.secured(
                        TlsProfile.trusting().getSocketFactory(),
                        0,
                        transport.options().getDefaultPort());
    }

    /** The head of an answer, which the end of the connection or the next answer follows. */
    private static String headOnly(RawConnection connection) throws IOException {
        String head = connection.readUntil("\r\n\r\n");
        if (!head.toLowerCase().contains("connection: close")) {
            connection.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }
        String rest = connection.readToEnd();
        return rest.isEmpty() || rest.startsWith("HTTP/1.1 404 ") ? head : head + rest;
    }

    /** An invalid wish to upgrade is ignored (RFC 9110 §7.8). */
    @Test
    void invalidUpgradeIsServedOverHttp1() throws IOException {
        for (String upgrade : UPGRADES) {
            try (RawConnection connection = new RawConnection()) {
                connection.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n" + ORIGIN + upgrade + "\r\n");

                assertRefused(upgrade, "404", connection.answer());
            }
        }
        all.assertAll();
    }

    @ParameterizedTest
    @EnumSource(Http2Test.Transport.class)
    void refusalOverHttp2IsAProblemDocument(Http2Test.Transport transport) throws Exception {
        Map<String, byte[]> heads = new LinkedHashMap<>();
        for (String row : EVERYWHERE) {
            String[] words = row.split(" ");
            heads.put(row, request(words[0], words[1]));
        }
        heads.put("path 'nothing' 400", request("GET", "nothing"));
        heads.put("absolute path 400", request("GET", "http://localhost/nothing"));
        heads.put("no path 400", fields(":method", "GET", ":scheme", "http", ":authority", "localhost"));
        heads.put("no scheme 400", fields(":method", "GET", ":path", "/nothing", ":authority", "localhost"));
        heads.put("no host 400", fields(":method", "GET", ":scheme", "http", ":path", "/nothing"));
        heads.put("no method 400", fields(":path", "/nothing", ":scheme", "http", ":authority", "localhost"));
        heads.put("invalid method 400", request("G T", "/nothing"));
        heads.put("two hosts 400", request("GET", "/nothing", "host", "other"));
        heads.put("497 fields and 4 of the request line 431", request("GET", "/nothing", emptyFields(496)));
        heads.put("66 KB of fields 431", request("GET", "/nothing", "x", "y".repeat(66_000)));
        heads.put("126 KB of fields 431", request("POST", "/message", "x", "y".repeat(126_000)));
        heads.put("path of 66 KB 414", request("GET", "/" + "y".repeat(66_000)));
        heads.put("500 fields 404", request("GET", "/nothing", emptyFields(495)));
        heads.put("CONNECT as the standard has it 501", fields(":method", "CONNECT", ":authority", "localhost:443"));
        try (RawHttp2 connection = RawHttp2.connect(transport)) {
            int stream = 1;
            for (Map.Entry<String, byte[]> head : heads.entrySet()) {
                String row = head.getKey();
                connection.send(RawHttp2.headers(stream, true, head.getValue()));

                String status = row.substring(row.length() - 3);
                assertRefused(row, status, connection.answer(stream));
                stream += 2;
            }
            assertThat(connection.ping()).isEqualTo("pong");
        }
        all.assertAll();
    }

    private static String[] emptyFields(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Stream.of("x" + number, ""))
                .flatMap(field -> field)
                .toArray(String[]::new);
    }

    /** The hub does not decode them, so it does not know the origin. */
    @Test
    void tooManyFieldsAreRefusedOverHttp1() throws IOException {
        String request = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n";
        try (RawConnection connection = new RawConnection()) {
            connection.send(request + "x:\r\n".repeat(499) + "\r\n");

            assertThat(connection.answer()).startsWith("HTTP/1.1 404 ");
        }
        try (RawConnection connection = new RawConnection()) {
            connection.send(request + "x:\r\n".repeat(10_000));

            assertThat(connection.answer())
                    .startsWith("HTTP/1.1 431 ")
                    .containsIgnoringCase("x-content-type-options: nosniff")
                    .contains("\"status\":431,", "more than 500 header fields");
        }
    }

    /** So a page can read the refusal of what it then sends. */
    @Test
    void m30PreflightIsAnsweredByTheOriginAlone() throws IOException {
        for (String path : List.of("/nothing", "/", "/page/dom.js", "/message", "/herald.js")) {
            try (RawConnection connection = new RawConnection()) {
                connection.send("OPTIONS " + path + " HTTP/1.1\r\nHost: localhost\r\n" + ORIGIN
                        + "Access-Control-Request-Method: POST\r\n\r\n");

                assertThat(connection.answer()).as(path).startsWith("HTTP/1.1 204 ");
            }
        }
    }

    private static byte[] request(String method, String path, String... more) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(RawHttp2.request(method, path, ":authority", "localhost", "origin", TlsProfile.LISTED));
        for (int i = 0; i < more.length; i += 2) {
            head.writeBytes(RawHttp2.field(more[i], more[i + 1]));
        }
        return head.toByteArray();
    }

    /** With the origin. */
    private static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            head.writeBytes(RawHttp2.field(namesAndValues[i], namesAndValues[i + 1]));
        }
        head.writeBytes(RawHttp2.field("origin", TlsProfile.LISTED));
        return head.toByteArray();
    }

    /** A document that waited for the client would occupy memory. */
    @Test
    void refusalOverHttp2HasNoDocumentIfTheClientAllowsNoBytes() throws Exception {
        try (RawHttp2 connection = RawHttp2.connect(Http2Test.Transport.CLEAR_TEXT)) {
            connection
                    .send(RawHttp2.initialWindow(0))
                    .send(RawHttp2.headers(1, true, request("GET", "/nothing", "host", "other")));

            String answer = connection.answer(1);

            assertThat(answer).startsWith("HTTP/2 400").endsWith("\r\n\r\n").contains("nosniff");
        }
    }

    private void assertRefused(String row, String status, String answer) {
        String[] parts = answer.split("\r\n\r\n", 2);
        String head = parts[0].toLowerCase();
        all.assertThat(head)
                .as(row)
                .matches("(?s)http/(1.1|2) " + status + "\\b.*")
                .contains("content-type: application/problem+json")
                .contains("x-content-type-options: nosniff")
                .contains("vary: origin")
                .contains("access-control-allow-origin: " + TlsProfile.LISTED)
                .contains("access-control-expose-headers: ");
        if (status.equals("405")) {
            all.assertThat(head).as(row).contains("allow: ");
        }
        String body = parts.length < 2 ? "no end of the head" : parts[1];
        if (row.startsWith("HEAD ")) {
            all.assertThat(body).as(row).isEmpty();
        } else {
            all.assertThat(body).as(row).contains("\"status\":" + status + ",", "\"detail\":");
        }
    }
}
