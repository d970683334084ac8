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
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of the client page when the connection is lost and restored. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class ReconnectTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String AWAY = "Connection lost, retrying…";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    /** Sends the first message. Its answer must have arrived: else the browser would send it again after a cut. */
    private void sendAndAwait(String message) {
        page.send(message);
        page.awaitLines("message: " + message);
        page.awaitSent();
    }

    @TestHTTPResource("/")
    URL address;

    /** A page shows earlier messages, so each test has a unique topic. */
    private final String topic = UUID.randomUUID().toString();

    private Publisher publisher;
    private CuttableProxy proxy;
    private ChatPage page;

    @BeforeEach
    void openThroughTheProxy() throws IOException {
        publisher = new Publisher(address, topic);
        proxy = new CuttableProxy(address.getPort());
        page = ChatPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic);
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    @Test
    void showsMissedMessagesAfterADisconnect() {
        sendAndAwait("before");

        proxy.cut();
        page.awaitState(AWAY);
        publisher.publish("meanwhile 1");
        publisher.publish("meanwhile 2");
        awaitAttempts(1);
        proxy.restore();

        page.awaitState("Live");
        page.awaitLines("message: before", "2 missed messages", "message: meanwhile 1", "message: meanwhile 2");
        page.send("after");
        page.awaitLines(
                "message: before",
                "2 missed messages",
                "message: meanwhile 1",
                "message: meanwhile 2",
                "message: after");
    }

    @Test
    void showsNoDuplicatesAfterRepeatedDisconnects() {
        List<String> expected = new ArrayList<>();
        for (int cut = 1; cut <= 4; cut++) {
            proxy.cut();
            page.awaitState(AWAY);
            publisher.publish("while away " + cut);
            proxy.restore();
            expected.addAll(List.of("1 missed message", "message: while away " + cut));
            page.awaitLines(expected.toArray(String[]::new));
            page.send("while here " + cut);
            expected.add("message: while here " + cut);
            page.awaitLines(expected.toArray(String[]::new));
            page.awaitSent();
        }
    }

    @Test
    void showsEarlierMessagesOnceAfterAReconnect() {
        sendAndAwait("number 1");
        ChatPage second = ChatPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic);
        second.awaitLines("1 earlier message", "message: number 1", "New messages from here");

        proxy.answer(502);
        second.awaitState(AWAY);
        // Both pages, each twice.
        awaitAttempts(4);
        publisher.publish("number 2");
        proxy.restore();

        second.awaitLines(
                "1 earlier message",
                "message: number 1",
                "New messages from here",
                "1 missed message",
                "message: number 2");
    }

    @Test
    void missedMessagesOverSeveralConnectionsAreOneAbsence() {
        sendAndAwait("before");
        proxy.cut();
        page.awaitState(AWAY);
        String padding = "x".repeat(1_000);
        List<String> missed = IntStream.rangeClosed(1, 10)
                .mapToObj(number -> number + padding)
                .toList();
        missed.forEach(publisher::publish);

        // Each connection delivers some of them, none delivers all.
        proxy.restoreTruncating(5_000);

        List<String> lines = new ArrayList<>(List.of("message: before", "10 missed messages"));
        missed.forEach(text -> lines.add("message: " + text));
        page.awaitLines(lines.toArray(String[]::new));
        assertThat(proxy.rejected()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void missesNothingWhenDisconnectedBeforeTheFirstMessage() {
        proxy.cut();
        page.awaitState(AWAY);
        publisher.publish("the first");
        proxy.restore();

        page.awaitLines("1 missed message", "message: the first");
    }

    @Test
    void reconnectsAfterAGatewayError() {
        sendAndAwait("before");

        proxy.answer(503);
        page.awaitState(AWAY);
        awaitAttempts(2);
        publisher.publish("meanwhile 1");
        publisher.publish("meanwhile 2");
        proxy.restore();

        page.awaitState("Live");
        page.awaitLines("message: before", "2 missed messages", "message: meanwhile 1", "message: meanwhile 2");
    }

    @Test
    void doesNotReconnectAfter204() {
        proxy.answer(204);

        page.awaitState("The hub has ended this stream");
    }

    @Test
    void showsNoMissedMessagesWhenThereWereNone() {
        sendAndAwait("before");

        proxy.cut();
        page.awaitState(AWAY);
        proxy.restore();
        page.awaitState("Live");
        publisher.publish("after");

        page.awaitLines("message: before", "message: after");
    }

    @Test
    void keepsTextThatCouldNotBeSent() {
        proxy.cut();
        page.awaitState(AWAY);

        page.send("not yet");
        page.awaitSendError("the hub cannot be reached");
        assertThat(page.input().inputValue()).isEqualTo("not yet");
        proxy.restore();
        page.awaitState("Live");
        page.input().press("Enter");

        page.awaitLines("message: not yet");
        page.awaitSent();
    }

    @Test
    void showsMissedMessagesAfterBeingFrozen() {
        sendAndAwait("before");

        page.tab().evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        publisher.publish("meanwhile");
        assertThat(page.lines()).containsExactly("message: before");
        page.tab().evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        page.awaitLines("message: before", "1 missed message", "message: meanwhile");
        page.awaitState("Live");
    }

    private void awaitAttempts(int least) {
        await().atMost(DEADLINE).until(() -> proxy.rejected() >= least);
    }
}
