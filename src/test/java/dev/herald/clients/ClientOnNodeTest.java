package dev.herald.clients;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Tokens;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the tests of {@code herald.js} on Node.js, which are in {@code src/test/node/herald}: the parser, resumption through
 * cuts at every byte, tokens, failures, and publishing.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ClientOnNodeTest {
    @RegisterExtension
    static final Node NODE = new Node();

    @ParameterizedTest
    @ValueSource(strings = {"parser.mjs", "cuts.mjs", "tokens.mjs", "failures.mjs", "publishing.mjs"})
    void testsOfTheScriptPass(String script) throws Exception {
        Map<String, String> environment = Map.of(
                "HERALD_URL",
                "http://localhost:" + HubClient.port() + "/",
                "HERALD_PUBLISHER",
                Tokens.publisher("*"),
                "HERALD_SECRET",
                Tokens.SUBSCRIBER_SECRET);

        assertThat(NODE.failuresOf(script, environment)).isEmpty();
    }
}
