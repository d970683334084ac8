package dev.herald.clients;

import java.io.IOException;
import java.util.List;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL E14: every inflater delivers each event of a gzip stream before the next one is published. Events
 * are stored for one reader in one block or several (opening block and replay), stored for all, and compressed for all.
 */
@QuarkusTest
class GzipClientsTest {
    private static final String LARGE = "\"" + "a word and ".repeat(2_000) + "\"";
    private static final String LARGER_THAN_A_BLOCK = "\"" + "a word and ".repeat(10_000) + "\"";

    private final String topic = UUID.randomUUID().toString();

    private void publishAndAwait(String json, RunningProgram run) {
        int before = published(run).size();
        publish(topic, json);
        eventually().until(() -> published(run).size() > before);
    }

    /** Excludes the hub's own events, whose data is {}. */
    private static List<String> published(RunningProgram run) {
        return run.data().stream().filter(data -> !data.equals("{}")).toList();
    }

    @ParameterizedTest
    @EnumSource(Inflater.class)
    void e14EachEventIsDecompressedBeforeTheNextIsPublished(Inflater inflater) throws IOException {
        publish(topic, LARGE);
        publish(topic, LARGER_THAN_A_BLOCK);

        try (RunningProgram run =
                inflater.start("http://localhost:" + HubClient.port() + "/SSE?topic=" + topic + "&since=earliest")) {
            eventually().until(() -> published(run).size() == 2);
            publishAndAwait("1", run);
            publishAndAwait(LARGE, run);
            publishAndAwait("2", run);
            publishAndAwait(LARGER_THAN_A_BLOCK, run);

            assertThat(run.lines()).anyMatch(line -> line.matches("(?i)gzip: true|content-encoding: gzip"));
            assertThat(published(run))
                    .containsExactly(LARGE, LARGER_THAN_A_BLOCK, "1", LARGE, "2", LARGER_THAN_A_BLOCK);
        }
    }
}
