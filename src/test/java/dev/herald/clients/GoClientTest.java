package dev.herald.clients;

import java.io.IOException;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.GuardedHub;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of a Go program that reads a stream line by line, with {@code http.Get} and a {@code bufio.Scanner}. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class GoClientTest {
    private final Updates updates = Updates.everybodys();

    @Test
    void receivesAllOnceInOrderDespiteRepeatedDisconnects() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(HubClient.port());
                RunningProgram run = Inflater.GO.start(proxy.origin() + updates.target())) {
            eventually().until(() -> run.lines().contains("gzip: true"));
            String id = updates.publish();
            eventually().until(() -> run.lines().contains("id: " + id));

            updates.publishThroughCuts(proxy);

            eventually().until(() -> run.data().size() >= updates.data().size());
            assertThat(run.data()).isEqualTo(updates.data());
            assertThat(run.lines().stream().filter("gzip: true"::equals).count())
                    .as("connections")
                    .isGreaterThan(1);
        }
    }
}
