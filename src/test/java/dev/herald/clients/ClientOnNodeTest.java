package dev.herald.clients;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Tokens;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the tests of {@code herald.js} on Node.js, which are in {@code src/test/node/herald}: the parser, resumption through
 * cuts at every byte, tokens, failures, and publishing. All scripts run at once, since most of the time passes while they
 * wait.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
@TestInstance(Lifecycle.PER_CLASS)
class ClientOnNodeTest {
    static final List<String> SCRIPTS =
            List.of("parser.mjs", "cuts.mjs", "tokens.mjs", "failures.mjs", "publishing.mjs");

    @RegisterExtension
    static final Node NODE = new Node();

    private Map<String, Node.Script> started = Map.of();

    @BeforeAll
    void start() throws IOException, InterruptedException {
        if (NODE.isThere()) {
            Map<String, String> environment = Map.of(
                    "HERALD_URL",
                    "http://localhost:" + HubClient.port() + "/",
                    "HERALD_PUBLISHER",
                    Tokens.publisher("*"),
                    "HERALD_SECRET",
                    Tokens.SUBSCRIBER_SECRET);
            started = Node.startTests(SCRIPTS, environment);
        }
    }

    @AfterAll
    void close() {
        started.values().forEach(Node.Script::close);
    }

    @ParameterizedTest
    @FieldSource("SCRIPTS")
    void testsOfTheScriptPass(String script) throws Exception {
        assertThat(started.get(script).failures()).isEmpty();
    }
}
