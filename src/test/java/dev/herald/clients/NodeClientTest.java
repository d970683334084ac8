package dev.herald.clients;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.GuardedHub;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of npm's {@code eventsource}, with its token in the header. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class NodeClientTest {
    @RegisterExtension
    static final Node NODE = new Node();

    private final Updates updates = Updates.privateOnes();

    private static List<String> values(List<JsonNode> lines, String name) {
        return lines.stream()
                .filter(line -> line.has(name))
                .map(line -> line.get(name).asText())
                .toList();
    }

    @Test
    void receivesAllOnceInOrderDespiteRepeatedDisconnects() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(HubClient.port())) {
            List<JsonNode> lines = NODE.listen("listen.mjs", proxy.origin() + updates.target(), updates.readersToken());
            eventually().until(() -> !values(lines, "open").isEmpty());
            String id = updates.publish();
            eventually().until(() -> values(lines, "id").contains(id));

            updates.publishThroughCuts(proxy);

            eventually()
                    .until(() -> values(lines, "data").size() >= updates.data().size());
            assertThat(values(lines, "data")).isEqualTo(updates.data());
            assertThat(values(lines, "error")).as("disconnects").isNotEmpty();
        }
    }

    @Test
    void invalidTokenIsReportedToTheClient() throws IOException {
        List<JsonNode> lines =
                NODE.listen("listen.mjs", "http://localhost:" + HubClient.port() + updates.target(), "forged");

        eventually().until(() -> !lines.isEmpty());

        assertThat(values(lines, "error")).containsExactly("401");
    }
}
