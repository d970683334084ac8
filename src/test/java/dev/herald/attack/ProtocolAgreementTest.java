package dev.herald.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

import dev.herald.Rounds;
import dev.herald.guarded.GuardedHub;
import dev.herald.web.RawConnection;
import dev.herald.web.RawHttp2;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that a request gets the same status over HTTP/1.1 and HTTP/2, whatever its path and headers are. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ProtocolAgreementTest {
    private static final List<String> METHODS = List.of("GET", "GET", "GET", "POST", "PUT", "OPTIONS", "DELETE", "x-Y");
    private static final List<String> PATHS = List.of(
            "/SSE",
            "/SSE?",
            "/sse",
            "/",
            "/message",
            "/message?topic=t",
            "/.well-known/mercure",
            "/.well-known/mercure?topic=",
            "/.well-known/mercure/subscriptions/",
            "/q/health/live");
    private static final List<String> PARTS = List.of(
            "topic=a",
            "&",
            "=",
            "%",
            "%zz",
            "%00",
            "%2F",
            "%c3%28",
            "{x}",
            "{",
            "|",
            "^",
            "`",
            "\"",
            "<",
            "\\",
            "\u00e4",
            "/",
            "//",
            "/..",
            "/.",
            "%2e%2e/",
            ";",
            ";a=b",
            "#",
            "?",
            "+",
            "*",
            "@",
            ":",
            "since=3",
            "lastEventID=%23",
            "authorization=x",
            "x".repeat(5_000));
    private static final List<String> HEADERS = List.of(
            "accept",
            "authorization",
            "cookie",
            "last-event-id",
            "origin",
            "referer",
            "accept-encoding",
            "if-none-match",
            "content-type",
            "x-forwarded-for",
            "forwarded",
            "traceparent",
            "access-control-request-method",
            "range");
    private static final List<String> VALUES = List.of(
            "*/*",
            "text/event-stream",
            "text/html;q=0",
            "a/b;;=",
            "Bearer x.y.z",
            "bearer",
            "mercureAuthorization=a.b.c; =",
            "\u00e4\u00ff",
            "#AAAA",
            "earliest",
            "null",
            "https://evil.example",
            "http://localhost",
            "http://[::1",
            "gzip;q=",
            "*",
            "W/\"x\",",
            "application/json",
            "text/plain;charset=x",
            "1.2.3.4, unknown",
            "for=\"",
            "",
            "POST",
            "\t a\tb");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** @param headers names and values in turn */
    private record Request(String method, String target, List<String> headers) {}

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private Request request() {
        StringBuilder target = new StringBuilder(any(PATHS));
        for (int parts = random.nextInt(4); parts > 0; parts--) {
            target.append(any(PARTS));
        }
        List<String> headers = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            headers.add(any(HEADERS));
            headers.add(any(VALUES).strip());
        }
        return new Request(any(METHODS), target.toString(), headers);
    }

    @Test
    void requestHasTheSameStatusOverBothProtocols() throws IOException {
        RawHttp2 http2 = new RawHttp2();
        try {
            for (int i = 0; i < Rounds.of(200, 5_000); i++) {
                Request request = request();
                if (i % 50 == 0) {
                    // Ends the streams that are open.
                    http2.close();
                    http2 = new RawHttp2();
                }
                int stream = 1 + 2 * (i % 50);

                String status = overHttp1(request);

                assertThat(overHttp2(http2, stream, request))
                        .as("seed %d, request %d: %s", seed, i, request)
                        .isEqualTo(status);
                assertThat(status).matches("[234]..");
            }
        } finally {
            http2.close();
        }
    }

    private static String overHttp1(Request request) throws IOException {
        StringBuilder head =
                new StringBuilder(request.method + " " + request.target + " HTTP/1.1\r\nhost: localhost\r\n");
        for (int i = 0; i < request.headers.size(); i += 2) {
            head.append(request.headers.get(i))
                    .append(": ")
                    .append(request.headers.get(i + 1))
                    .append("\r\n");
        }
        try (RawConnection connection = new RawConnection()) {
            String line = connection.send(head + "content-length: 0\r\n\r\n").readUntil("\r\n");
            assertThat(line).as("%s", request).startsWith("HTTP/1.1 ");
            return line.substring(9, 12);
        }
    }

    private static String overHttp2(RawHttp2 connection, int stream, Request request) throws IOException {
        List<String> headers = new ArrayList<>(List.of(":authority", "localhost"));
        headers.addAll(request.headers);
        byte[] fields = RawHttp2.request(request.method, request.target, headers.toArray(String[]::new));
        return connection.send(RawHttp2.headers(stream, true, fields)).outcome(stream);
    }
}
