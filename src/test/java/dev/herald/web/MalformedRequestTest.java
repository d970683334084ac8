package dev.herald.web;

import java.io.IOException;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of malformed and hostile requests, sent as raw bytes. */
@QuarkusTest
class MalformedRequestTest {
    private static final String CHUNK = "4000\r\n" + "x".repeat(0x4000) + "\r\n";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private String post(String headers) {
        return "POST /message?topic=" + topic + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + headers
                + "\r\n";
    }

    private void assertNothingPublished(EventStream stream) {
        publish(topic, "\"after\"");
        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("\"after\"");
    }

    @Test
    void aChunkedBodyIsRead() throws IOException {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        try (RawConnection connection = new RawConnection()) {
            connection.send(post("Transfer-Encoding: chunked\r\n") + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ").endsWith("success");
        }
        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("{\"message\":\"hello\"}");
    }

    @Test
    void q6EndlessBodyIsRejectedAndItsConnectionClosed() throws IOException {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        try (RawConnection connection = new RawConnection()) {
            connection.send(post("Transfer-Encoding: chunked\r\n"));
            for (int i = 0; i < 70; i++) {
                connection.send(CHUNK);
            }
            String answer = connection.answer();

            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("urn:problem-type:herald:body-too-large");
            eventually().untilAsserted(() -> assertThat(sends(connection))
                    .as("the hub still accepts connections")
                    .isFalse());
        }
        assertNothingPublished(stream);
    }

    private static boolean sends(RawConnection connection) {
        try {
            connection.send(CHUNK);
            return true;
        } catch (IOException cutOff) {
            return false;
        }
    }

    @Test
    void q6ContentLengthOverTheLimitIsRejectedBeforeTheBodyIsSent() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(post("Content-Length: 2000000000\r\nExpect: 100-continue\r\n"));

            assertThat(connection.answer()).startsWith("HTTP/1.1 413 ").contains("1048576 bytes");
        }
    }

    @Test
    void q6OverflowingContentLengthIsRejected() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(post("Content-Length: 99999999999999999999999\r\n"));

            assertThat(connection.answer()).matches("(?s)HTTP/1.1 4\\d\\d .*");
        }
    }

    @Test
    void expect100ContinueIsAnsweredWith100() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(post("Content-Length: 2\r\nExpect: 100-continue\r\n"));
            assertThat(connection.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            connection.send("hi");

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void connectionIsReusableAfterARejection() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(post("Content-Length: 0\r\n"));
            assertThat(connection.answer()).startsWith("HTTP/1.1 400 ");
            connection.send(post("Content-Length: 2\r\n") + "hi");

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void q7UnknownCharsetIsRejected() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /message HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; charset=klingon\r\n"
                    + "Content-Length: 2\r\n\r\nhi");

            assertThat(connection.answer()).startsWith("HTTP/1.1 415 ").contains("charset=klingon");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/SSE", "/message?topic=", "/message?topic=a&topic=b"})
    void connectionIsReusableAfterAnUnreadBody(String uri) throws IOException {
        String body = "x".repeat(300_000);
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST " + uri + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(connection.answer()).startsWith("HTTP/1.1 4");
            connection.send(post("Content-Length: 2\r\n") + "hi");

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void endlessBodyToAnUnknownPathClosesTheConnection() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /nothing HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK);
            assertThat(connection.answer()).startsWith("HTTP/1.1 404 ");

            eventually().untilAsserted(() -> assertThat(sends(connection))
                    .as("the hub still accepts connections")
                    .isFalse());
        }
    }

    @Test
    void postWithoutABodyIsRejected() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(post(""));

            assertThat(connection.answer()).startsWith("HTTP/1.1 400 ").contains("empty-body");
        }
    }

    @Test
    void incompletePostPublishesNothing() throws IOException {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        CountingHandler errors = new CountingHandler();
        Logger root = Logger.getLogger("");
        root.addHandler(errors);
        try {
            for (int i = 0; i < 20; i++) {
                RawConnection connection = new RawConnection();
                connection.send(post("Content-Length: 100\r\n") + "half");
                if (i % 2 == 0) {
                    connection.reset();
                } else {
                    connection.close();
                }
            }

            assertNothingPublished(stream);
            assertThat(errors.count).as("errors in the log").isZero();
        } finally {
            root.removeHandler(errors);
        }
    }

    @Test
    void headerOf100KilobytesIsRejected() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(100_000) + "\r\n\r\n");

            assertThat(connection.readUntil("\r\n")).startsWith("HTTP/1.1 431 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /SSE", "POST /message"})
    void topicOf100KilobytesIsRejected(String request) throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(request + "?topic=" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(connection.readUntil("\r\n")).matches("HTTP/1.[01] 414 .*\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "%", "a%2", "%%zz"})
    void q20PercentSignWithoutHexDigitsIsLiteral(String text) throws IOException {
        EventStream stream = hub.live("/SSE?topic=" + topic + text.replace("%", "%25"));
        String form = "message=" + text;
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /message?topic=" + topic + text + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length()
                    + "\r\n\r\n" + form);

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /SSE", "POST /message"})
    void q9TooManyParametersAreRejected(String request) throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(request + "?" + "a&".repeat(10_000) + "topic=" + topic + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(connection.answer()).startsWith("HTTP/1.1 400 ").contains("10000 parameters");
        }
    }

    @Test
    void topicInRawUtf8IsDecodedAsUtf8() throws IOException {
        EventStream stream = hub.live("/SSE?topic=k%C3%A4se");
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /message?topic=k\u00c3\u00a4se HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(connection.answer()).startsWith("HTTP/1.1 200 ");
        }
        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("{\"message\":\"hi\"}");
    }

    @Test
    void e10Http10ClientGetsTheStreamWithoutChunks() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE?topic=" + topic + " HTTP/1.0\r\n\r\n");
            String head = connection.readUntil("data: {}\n\n");
            publish(topic, "1");

            assertThat(head).contains(" 200 ").doesNotContainIgnoringCase("transfer-encoding");
            assertThat(head.substring(head.indexOf("\r\n\r\n"))).startsWith("\r\n\r\nretry: ");
            assertThat(connection.readUntil("\n\n")).startsWith("id: ").endsWith("\ndata: 1\n\n");
        }
    }

    private static final class CountingHandler extends Handler {
        private volatile int count;

        @Override
        public void publish(LogRecord entry) {
            // On a busy machine a thread may seem blocked.
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()
                    && !entry.getLoggerName().startsWith("io.vertx.core.impl.BlockedThreadChecker")) {
                count++;
            }
        }

        @Override
        public void flush() {
            // Nothing buffered.
        }

        @Override
        public void close() {
            // Nothing open.
        }
    }
}
