package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of the client page when the connection is lost and restored. */
@QuarkusTest
class ReconnectTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String AWAY = "Connection lost, trying again…";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    /** A page shows earlier messages, so each test has a unique topic. */
    private final String topic = UUID.randomUUID().toString();

    private Publisher publisher;
    private Wire wire;
    private ClientPage page;

    @BeforeEach
    void openThroughTheWire() throws IOException {
        publisher = new Publisher(address, topic);
        wire = new Wire(address.getPort());
        page = ClientPage.open(CHROMIUM.profile(), wire.page() + "?topic=" + topic);
    }

    @AfterEach
    void endTheWire() throws IOException {
        wire.close();
    }

    @Test
    void showsMissedMessagesAfterADisconnect() {
        page.send("before");
        page.awaitLines("message: before");

        wire.cut();
        page.awaitState(AWAY);
        publisher.publish("meanwhile 1");
        publisher.publish("meanwhile 2");
        awaitAttempts(1);
        wire.mend();

        page.awaitState("Live");
        page.awaitLines(
                "message: before",
                "2 messages came while you were away",
                "message: meanwhile 1",
                "message: meanwhile 2");
        page.send("after");
        page.awaitLines(
                "message: before",
                "2 messages came while you were away",
                "message: meanwhile 1",
                "message: meanwhile 2",
                "message: after");
    }

    @Test
    void showsNoDuplicatesAfterRepeatedDisconnects() {
        List<String> expected = new ArrayList<>();
        for (int cut = 1; cut <= 4; cut++) {
            wire.cut();
            page.awaitState(AWAY);
            publisher.publish("while away " + cut);
            wire.mend();
            expected.addAll(List.of("1 message came while you were away", "message: while away " + cut));
            page.awaitLines(expected.toArray(String[]::new));
            page.send("while here " + cut);
            expected.add("message: while here " + cut);
            page.awaitLines(expected.toArray(String[]::new));
        }
    }

    @Test
    void showsEarlierMessagesOnceAfterAReconnect() {
        page.send("number 1");
        page.awaitLines("message: number 1");
        ClientPage second = ClientPage.open(CHROMIUM.profile(), wire.page() + "?topic=" + topic);
        second.awaitLines("1 earlier message", "message: number 1", "New messages from here");

        wire.answer(502);
        second.awaitState(AWAY);
        // The browser's own attempt, after which it gives up, and one of the page, for both pages.
        awaitAttempts(6);
        publisher.publish("number 2");
        wire.mend();

        second.awaitLines(
                "1 earlier message",
                "message: number 1",
                "New messages from here",
                "1 message came while you were away",
                "message: number 2");
    }

    @Test
    void missedMessagesOverSeveralConnectionsAreOneAbsence() {
        page.send("before");
        page.awaitLines("message: before");
        wire.cut();
        page.awaitState(AWAY);
        String padding = "x".repeat(1_000);
        List<String> missed = IntStream.rangeClosed(1, 10)
                .mapToObj(number -> number + padding)
                .toList();
        missed.forEach(publisher::publish);

        // Each connection delivers some of them, none delivers all.
        wire.mendPoorly(5_000);

        List<String> lines = new ArrayList<>(List.of("message: before", "10 messages came while you were away"));
        missed.forEach(text -> lines.add("message: " + text));
        page.awaitLines(lines.toArray(String[]::new));
        assertThat(wire.turnedAway()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void missesNothingWhenDisconnectedBeforeTheFirstMessage() {
        wire.cut();
        page.awaitState(AWAY);
        publisher.publish("the first");
        wire.mend();

        page.awaitLines("1 message came while you were away", "message: the first");
    }

    @Test
    void reconnectsAfterAGatewayError() {
        page.send("before");
        page.awaitLines("message: before");

        wire.answer(503);
        page.awaitState(AWAY);
        // The browser's own attempt, after which it gives up, the page's request for the reason, and its own attempt.
        awaitAttempts(3);
        publisher.publish("meanwhile 1");
        publisher.publish("meanwhile 2");
        wire.mend();

        page.awaitState("Live");
        page.awaitLines(
                "message: before",
                "2 messages came while you were away",
                "message: meanwhile 1",
                "message: meanwhile 2");
    }

    @Test
    void doesNotReconnectAfter204() {
        wire.answer(204);

        page.awaitState("The hub has ended this stream");
    }

    @Test
    void showsNoMissedMessagesWhenThereWereNone() {
        page.send("before");
        page.awaitLines("message: before");

        wire.cut();
        page.awaitState(AWAY);
        wire.mend();
        page.awaitState("Live");
        publisher.publish("after");

        page.awaitLines("message: before", "message: after");
    }

    @Test
    void keepsTextThatCouldNotBeSent() {
        wire.cut();
        page.awaitState(AWAY);

        page.send("not yet");
        page.awaitRefusal("the hub cannot be reached");
        assertThat(page.input().inputValue()).isEqualTo("not yet");
        wire.mend();
        page.awaitState("Live");
        page.input().press("Enter");

        page.awaitLines("message: not yet");
        page.awaitSent();
    }

    @Test
    void showsMissedMessagesAfterBeingFrozen() {
        page.send("before");
        page.awaitLines("message: before");

        page.tab().evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        publisher.publish("meanwhile");
        assertThat(page.lines()).containsExactly("message: before");
        page.tab().evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        page.awaitLines("message: before", "1 message came while you were away", "message: meanwhile");
        page.awaitState("Live");
    }

    private void awaitAttempts(int least) {
        await().atMost(DEADLINE).until(() -> wire.turnedAway() >= least);
    }
}
