package dev.herald.web;

import java.io.IOException;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;

import static org.assertj.core.api.Assertions.assertThat;

/** E8: a temporary refusal of a stream is 200, a hint when to come back, and the end. */
@QuarkusTest
@TestProfile(FullHubTest.OneStream.class)
class FullHubTest {
    /** There is room for one stream. */
    public static final class OneStream implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("herald.sse.max-subscribers", "1");
        }
    }

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Test
    void e8AStreamTooManyIsToldWhenToComeBackAndEnds() {
        hub.live("/SSE");

        EventStream refused = hub.open("/SSE");

        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.awaitEnd()).as("in good order").isTrue();
        assertThat(refused.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(refused.messages()).isEmpty();
    }

    @Test
    void e8SoIsAStreamOfMercureWhichIsNotToldWhereItWouldHaveBegun() {
        hub.live("/SSE");

        EventStream refused = hub.open("/.well-known/mercure?topic=a&lastEventID=earliest");

        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.headers().get("Last-Event-ID")).isNull();
        assertThat(refused.awaitEnd()).as("in good order").isTrue();
        assertThat(refused.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(refused.messages()).isEmpty();
    }

    @Test
    void e8TheEndIsTheLastChunkAndThenThatOfTheConnection() throws IOException {
        hub.live("/SSE");
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("\r\n\r\n");

            assertThat(connection.readToEnd()).matches("c\r\nretry: \\d{4}\n\r\n0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void e8AnHttp10ClientSeesTheEndToo(String header) throws IOException {
        hub.live("/SSE");
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.0\r\n" + header + "\r\n");

            assertThat(connection.readToEnd()).contains(" 200 ").containsPattern("\r\n\r\nretry: \\d{4}\n\\z");
        }
    }
}
