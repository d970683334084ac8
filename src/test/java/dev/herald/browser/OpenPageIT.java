package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of each view of the client page of an open packaged hub, without a token. */
@QuarkusIntegrationTest
@TestProfile(OpenHub.class)
class OpenPageIT {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    @TempDir
    Path files;

    private final String topic = "open-" + UUID.randomUUID();

    private Publisher publisher;

    @BeforeEach
    void reachTheHub() {
        publisher = new Publisher(address, topic);
    }

    private ToolPage open(String view) {
        return ToolPage.open(CHROMIUM.profile(), address + "?topic=" + topic, view);
    }

    /** Publishes this many events, number 1 and so on; returns their ids. */
    private List<String> publish(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> publisher.publishUpdate("number " + number))
                .toList();
    }

    @Test
    void chatMessagesReachTheOtherWindow() {
        BrowserContext profile = CHROMIUM.profile();
        ClientPage one = ClientPage.open(profile, address + "sse?topic=" + topic);
        one.tab().getByText("No messages yet").waitFor();
        ClientPage other = ClientPage.open(profile, address + "?topic=" + topic);

        one.send("hello");
        other.awaitLines("message: hello");
        other.send("hello back");

        one.awaitLines("message: hello", "message: hello back");
        one.awaitSent();
        assertThat(one.complaints()).isEmpty();
    }

    @Test
    void watchesFromEachKindOfStart() {
        List<String> ids = publish(3);
        ToolPage page = open("watch");

        page.beginWith("all there is", "");
        page.watch(topic);
        page.awaitRows("Watching ", "number 1", "number 2", "number 3", "3 earlier events · live from here");

        page.beginAnewWith("the latest", "1");
        page.watch(topic);
        page.awaitRows("Watching ", "number 3", "1 earlier event · live from here");

        page.beginAnewWith("what follows an id", ids.get(0));
        page.watch(topic);
        page.awaitRows("Watching ", "number 2", "number 3", "2 earlier events · live from here");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void watchesWithAPauseThroughAFilterAndInDepth() {
        ToolPage page = open("watch");
        page.beginWith("what comes now", "");
        page.watch(topic);
        page.button("Pause").click();
        page.awaitStatus("Paused");
        publish(12);
        page.button("Continue").click();
        page.rows("12 events came meanwhile · live again").waitFor();

        page.field("Filter").fill("number 1");

        page.tab().getByText("4 of 12 events").waitFor();
        page.rows("number 11").click();
        assertThat(page.tab().locator("#detail .data")).hasText("number 11");
        page.tab().getByText("Raw frame").click();
        assertThat(page.tab().locator("#detail .frame")).containsText("data: number 11");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void rejectedUpdateShowsTheReasonAndCanBeSentAgain() {
        ToolPage page = open("send");
        page.field("Data").fill("{\"n\":1}");
        page.field("Id, if not the hub’s").fill("#of-the-hub");
        page.sendAndAwait("Not sent (400)");
        page.field("Id, if not the hub’s").fill("");
        page.field("Type, if any").fill("order");
        page.sendAndAwait("Accepted after ");

        page.button("Send again").first().click();

        assertThat(page.tab().locator("#sent li .outcome"))
                .hasText(new String[] {"Accepted", "Accepted", "Refused, 400"});
        page.button("Edit").last().click();
        assertThat(page.field("Id, if not the hub’s")).hasValue("#of-the-hub");
        page.go("watch");
        page.watch(topic);
        page.awaitRows("Watching ", "order", "order", "2 earlier events");
    }

    @Test
    void copiedCommandsRun() throws IOException {
        ToolPage page = open("send");
        page.field("Data").fill(CopyAsTest.DATA);
        page.copyAs("curl");

        String answer = Script.of("curl", page.publication(), files).run("urn:uuid:", Map.of());
        String events = Script.of("curl", page.subscription(), files).run(CopyAsTest.DATA, Map.of());

        assertThat(answer).contains("urn:uuid:");
        assertThat(events).contains(CopyAsTest.DATA);
        for (String language : List.of("JavaScript", "Java", "PHP", "Python")) {
            page.field(language).check();
            assertThat(List.of(page.publication(), page.subscription()))
                    .as(language)
                    .allMatch(text -> text.contains(address.getAuthority()) && !text.contains("HERALD_TOKEN"));
        }
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void showsThatNoTokenIsNeeded() {
        ToolPage page = open("token");

        page.paste(KeysOnly.token("{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}"));
        page.button("Ask the hub").click();

        assertThat(page.tab().locator("#token-verdict .taken")).hasText(new String[] {
            "To listen: the hub takes it. What is public needs none.",
            "To publish: the hub takes it. This hub needs none."
        });
        page.button("Forget it").click();
        page.tab().getByText("What a token is for").waitFor();
    }

    @Test
    void drawsTheHubsFigures() {
        ToolPage page = open("figures");
        page.awaitStatus("Live");
        assertThat(page.tab().getByRole(AriaRole.IMG)).hasCount(5);

        publisher.publishUpdate("counted");

        // A figure itself disappears after a second.
        page.tab()
                .locator(".chart", new Page.LocatorOptions().setHasText("Events a second"))
                .getByText("up to 1")
                .waitFor();
        assertThat(page.tab().getByText("Bytes waiting for sockets")).isHidden();
        assertThat(page.complaints()).isEmpty();
    }
}
