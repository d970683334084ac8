package dev.herald.clients;

import java.io.IOException;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;
import dev.herald.web.ShortRetentionProfile;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL E4 and E11: third-party clients report no message for the hub's blocks on an idle stream. Several
 * of them report an empty message at each blank line and at an id without data, and their users parse the data of each
 * message as JSON.
 */
@QuarkusTest
@TestProfile(ShortRetentionProfile.class)
class IdleStreamClientsTest {
    private static final int HEARTBEATS = 4;
    private static final List<String> CLIENTS =
            List.of("eventsource", "event-source-polyfill", "eventsource-parser", "fetch-event-source");

    @RegisterExtension
    static final Node NODE = new Node();

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private static List<JsonNode> of(String client, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.get("client").asText().equals(client))
                .toList();
    }

    private static void awaitFrom(String client, List<JsonNode> lines, String data) {
        eventually().until(() -> of(client, lines).stream()
                .anyMatch(line -> data.equals(line.path("data").asText())));
    }

    @Test
    void e4AndE11ClientsReportOnlyEventsOverSeveralHeartbeats() throws IOException {
        publish(topic, "\"before\"");
        String uri = "/SSE?topic=" + topic + "&since=1";
        List<JsonNode> lines = NODE.listen("idle.mjs", "http://localhost:" + HubClient.port() + uri, "");
        CLIENTS.forEach(client -> awaitFrom(client, lines, "\"before\""));
        EventStream witness = hub.open(uri);
        eventually().until(() -> witness.comments() >= HEARTBEATS);

        publish(topic, "\"after\"");

        for (String client : CLIENTS) {
            awaitFrom(client, lines, "\"after\"");
            assertThat(of(client, lines))
                    .extracting(line ->
                            line.path("type").asText() + line.path("data").asText())
                    .as(client)
                    .containsExactly("", "message{}", "message\"before\"", "live{}", "message\"after\"");
        }
    }
}
