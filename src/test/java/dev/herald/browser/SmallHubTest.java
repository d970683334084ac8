package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the client page of a hub with small limits for bodies and retention. */
@QuarkusTest
@TestProfile(SmallHubTest.Small.class)
class SmallHubTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    /** A page shows earlier messages, so each test has a unique topic. */
    private final String topic = UUID.randomUUID().toString();

    @Test
    void rejectedMessageShowsTheReasonAndKeepsItsText() {
        ClientPage page = ClientPage.open(CHROMIUM.profile(), address + "?topic=" + topic);
        String tooLong = "x".repeat(200);

        page.send(tooLong);
        page.awaitRefusal("The body is larger than the 100 bytes that are accepted");
        assertThat(page.input().inputValue()).isEqualTo(tooLong);
        page.send("short");

        page.awaitLines("message: short");
        page.awaitSent();
    }

    @Test
    void rejectedStreamIsReportedAndRetried() {
        ClientPage page = ClientPage.open(CHROMIUM.profile(), address.toString());

        page.tab().navigate(address + "?topic=" + "x".repeat(5_000));

        page.awaitRefused("Trying again…");
    }

    @Test
    void showsThatMessagesAreMissingAfterRetention() throws IOException {
        try (Wire wire = new Wire(address.getPort())) {
            ClientPage page = ClientPage.open(CHROMIUM.profile(), wire.page() + "?topic=" + topic);
            page.send("seen");
            page.awaitLines("message: seen");

            Publisher publisher = new Publisher(address, topic);
            wire.cut();
            page.awaitState("Connection lost");
            for (int number = 1; number <= 4; number++) {
                publisher.publish("number " + number);
            }
            wire.mend();

            page.awaitLines(
                    "message: seen",
                    "Messages are missing here: the hub no longer has them. All that it still has follows.",
                    "2 messages came while you were away",
                    "message: number 3",
                    "message: number 4");
        }
    }

    @Test
    void marksMissingEventsInTheList() throws IOException {
        try (Wire wire = new Wire(address.getPort())) {
            ToolPage page = ToolPage.open(CHROMIUM.profile(), wire.page() + "?topic=" + topic, "watch");
            page.watch(topic);
            Publisher publisher = new Publisher(address, topic);
            publisher.publish("number 0");
            page.rows("number 0").waitFor();

            wire.cut();
            page.awaitStatus("Connection lost");
            for (int number = 1; number <= 4; number++) {
                publisher.publish("number " + number);
            }
            wire.mend();

            page.awaitRows(
                    "Watching " + topic,
                    "number 0",
                    "The connection was lost",
                    "Events are missing here: the hub no longer has them. All that it still has follows.",
                    "number 3",
                    "number 4",
                    "2 events came meanwhile");
        }
    }

    /** Test profile with bodies of 100 bytes and two retained events. */
    public static class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("herald.publish.max-body", "100", "herald.log.retention.events", "2");
        }
    }
}
