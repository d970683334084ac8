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
@TestProfile(SmallLimitsTest.Small.class)
class SmallLimitsTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    /** A page shows earlier messages, so each test has a unique topic. */
    private final String topic = UUID.randomUUID().toString();

    @Test
    void rejectedMessageShowsTheReasonAndKeepsItsText() {
        ChatPage page = ChatPage.open(CHROMIUM.profile(), address + "?topic=" + topic);
        String tooLong = "x".repeat(200);

        page.send(tooLong);
        page.awaitSendError("The body is larger than the 100 bytes that are accepted");
        assertThat(page.input().inputValue()).isEqualTo(tooLong);
        page.send("short");

        page.awaitLines("message: short");
        page.awaitSent();
    }

    @Test
    void rejectedStreamIsReportedAndRetried() {
        ChatPage page = ChatPage.open(CHROMIUM.profile(), address.toString());

        page.tab().navigate(address + "?topic=" + "x".repeat(5_000));

        page.awaitRejected("Retrying…");
    }

    @Test
    void showsThatMessagesAreMissingAfterRetention() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            ChatPage page = ChatPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic);
            page.send("seen");
            page.awaitLines("message: seen");
            page.awaitSent();

            Publisher publisher = new Publisher(address, topic);
            proxy.cut();
            page.awaitState("Connection lost");
            for (int number = 1; number <= 4; number++) {
                publisher.publish("number " + number);
            }
            proxy.restore();

            page.awaitLines(
                    "message: seen",
                    "Messages are missing here: the hub no longer has them. All retained messages follow.",
                    "2 missed messages",
                    "message: number 3",
                    "message: number 4");
        }
    }

    @Test
    void marksMissingEventsInTheList() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            ViewsPage page = ViewsPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic, "watch");
            page.watch(topic);
            Publisher publisher = new Publisher(address, topic);
            publisher.publish("number 0");
            page.rows("number 0").waitFor();

            proxy.cut();
            page.awaitStatus("Connection lost");
            for (int number = 1; number <= 4; number++) {
                publisher.publish("number " + number);
            }
            proxy.restore();

            page.awaitRows(
                    "Watching " + topic,
                    "number 0",
                    "Connection lost",
                    "Events are missing here: the hub no longer has them. All retained events follow.",
                    "number 3",
                    "number 4",
                    "2 missed events");
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
