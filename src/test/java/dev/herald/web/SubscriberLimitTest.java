package dev.herald.web;

import java.io.IOException;
import java.util.Map;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.hub.Hub;
import dev.herald.log.CapturedErrors;
import dev.herald.sse.EventStream;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL E8: a temporarily rejected stream gets 200, a reconnection time, and its end. */
@QuarkusTest
@TestProfile(SubscriberLimitTest.SmallLimits.class)
class SubscriberLimitTest {
    /** Test profile with a limit of one stream and of three waiting updates. */
    public static final class SmallLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("herald.sse.max-subscribers", "1", "herald.publish.max-waiting", "3");
        }
    }

    @RegisterExtension
    final HubClient hub = new HubClient();

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.hub");

    @Inject
    Hub server;

    /** At most once a minute. */
    @BeforeEach
    void allowTheWarning() {
        eventually().until(() -> server.subscribers() == 0);
        logged.allow("A stream was rejected with a time to reconnect: ");
    }

    @Test
    void e8StreamBeyondTheLimitGetsARetryTimeAndEnds() {
        hub.live("/SSE");

        EventStream rejected = hub.open("/SSE");

        assertThat(rejected.status()).isEqualTo(200);
        assertThat(rejected.awaitEnd()).as("in good order").isTrue();
        assertThat(rejected.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(rejected.messages())
                .singleElement()
                .satisfies(end -> assertThat(end.type()).isEqualTo("end"))
                .satisfies(end -> assertThat(end.data()).contains("\"reason\":\"too-many-streams\""));
    }

    @Test
    void e8MercureStreamBeyondTheLimitGetsARetryTimeAndNoLastEventId() {
        hub.live("/SSE");

        EventStream rejected = hub.open("/.well-known/mercure?topic=a&lastEventID=earliest");

        assertThat(rejected.status()).isEqualTo(200);
        assertThat(rejected.headers().get("Last-Event-ID")).isNull();
        assertThat(rejected.awaitEnd()).as("in good order").isTrue();
        assertThat(rejected.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(rejected.messages()).isEmpty();
    }

    @Test
    void e8RejectedStreamEndsWithTheLastChunkAndCloses() throws IOException {
        hub.live("/SSE");
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("\r\n\r\n");

            assertThat(connection.readToEnd())
                    .matches("[0-9a-f]+\r\nretry: \\d{4}\nevent: end\n[^\r]+\n\n\r\n0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void e8RejectedHttp10StreamEndsWithTheConnection(String header) throws IOException {
        hub.live("/SSE");
        try (RawConnection connection = new RawConnection()) {
            connection.send("GET /SSE HTTP/1.0\r\n" + header + "\r\n");

            assertThat(connection.readToEnd())
                    .contains(" 200 ")
                    .containsPattern("\r\n\r\nretry: \\d{4}\nevent: end\n[^\r]+\n\n\\z");
        }
    }

    /** A request that does not wait opens no stream. */
    @Test
    void q16WaitBeyondTheLimitIsRejectedWith503() {
        hub.live("/SSE");
        PastEvents past = new PastEvents(hub);

        HubClient.Answer rejected = past.get("topic=none&since=earliest&wait=5m");

        assertThat(rejected.status()).isEqualTo(503);
        assertThat(rejected.header("Retry-After")).isEqualTo("1");
        assertThat(rejected.body()).contains("urn:problem-type:herald:overloaded", "without 'wait'");
        assertThat(past.read("topic=none&since=earliest").events()).isEmpty();
    }
}
