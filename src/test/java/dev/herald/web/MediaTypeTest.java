package dev.herald.web;

import java.io.IOException;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of headers that name no media type: {@code Accept} gets 406 if it names none, at each path. {@code Content-Type}
 * gets the answer of the resource that reads the body, and is ignored by others.
 */
@QuarkusTest
class MediaTypeTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private Answer send(HttpMethod method, String path, String header, String value) {
        return hub.send(method, path, Map.of(header, value), Buffer.buffer());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/SSE",
                "/sse",
                "/updates",
                "/.well-known/mercure?topic=a",
                "/.well-known/mercure/subscriptions",
                "/figures",
                "/admin/streams",
                "/",
                "/page/dom.js",
                "/q/health",
                "/q/metrics",
                "/q/openapi",
                "/nothing"
            })
    void acceptWithoutAnyMediaTypeIsRefused(String path) {
        for (String invalid :
                new String[] {"x", ";;", "/", "a/b;q=2", "a/b;q=x, ,y", "a/b;q=NaN", "a/b" + ";".repeat(60_000)}) {
            Answer refused = send(HttpMethod.GET, path, "Accept", invalid);

            assertThat(refused.status()).as(invalid).isEqualTo(406);
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(refused.body()).contains("urn:problem-type:herald:not-acceptable", "'Accept'");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                " , ",
                "x, application/json",
                "application/json;q=0.1, a/b;q=7",
                "text/html, *; q=.2, */*; q=.2"
            })
    void elementsThatAreNoMediaTypesAreIgnored(String accepted) {
        Answer history = send(HttpMethod.GET, "/updates", "Accept", accepted);

        assertThat(history.status()).isEqualTo(200);
        assertThat(history.header("Content-Type")).startsWith("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/updates", "/sse", "/", "/q/health"})
    void contentTypeOfARequestWithoutABodyIsIgnored(String path) {
        for (String invalid : new String[] {"x", ";;", "", "a/b;charset=nothing"}) {
            assertThat(send(HttpMethod.GET, path, "Content-Type", invalid).status())
                    .as(invalid)
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/message, 415",
        "/updates, 415",
        "/SSE, 415",
        "/sse, 415",
        // PROTOCOL M10.
        "/.well-known/mercure?topic=a, 400"
    })
    void contentTypeOfABodyIsRefusedByItsReader(String path, int status) {
        for (String invalid : new String[] {"x", ";;", "/", "a/b"}) {
            Answer refused = hub.send(HttpMethod.POST, path, Map.of("Content-Type", invalid), Buffer.buffer("a=b"));

            assertThat(refused.status()).as(invalid).isEqualTo(status);
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void q12PublishingDoesNotDependOnAccept() {
        for (String accept : new String[] {"json", "text/event-stream", "a/b" + ";c".repeat(20_000)}) {
            Answer published = hub.send(
                    HttpMethod.POST,
                    "/message",
                    Map.of("Accept", accept, "Content-Type", "text/plain"),
                    Buffer.buffer("a"));

            assertThat(published.status()).as(accept).isEqualTo(200);
        }
    }

    /** Otherwise its bytes would stay in memory, and the next request would never be read. */
    @Test
    void bodyOfARejectedHeadIsDiscarded() throws IOException {
        int length = 3 << 19;
        try (RawConnection connection = new RawConnection()) {
            connection.send("POST /message HTTP/1.1\r\nHost: a\r\nContent-Type: a/b" + ";c".repeat(60)
                    + "\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));

            assertThat(connection.answer()).contains("415 Unsupported Media Type");
            assertThat(connection
                            .send("GET /q/health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                            .answer())
                    .contains("200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/message", "/updates", "/SSE", "/.well-known/mercure", "/nothing", "/q/health"})
    void longContentTypeIsRefusedUnread(String path) {
        String json = "application/json" + ";a".repeat(20_000);

        Answer refused = hub.send(HttpMethod.POST, path, Map.of("Content-Type", json), Buffer.buffer("{}"));

        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.body()).contains("urn:problem-type:herald:unsupported-media-type", "50 parameters");
    }
}
