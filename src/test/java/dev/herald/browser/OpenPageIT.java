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
@TestProfile(OpenProfile.class)
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

    private ViewsPage open(String view) {
        return ViewsPage.open(CHROMIUM.profile(), address + "?topic=" + topic, view);
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
        ChatPage one = ChatPage.open(profile, address + "sse?topic=" + topic);
        one.tab().getByText("No messages yet").waitFor();
        ChatPage other = ChatPage.open(profile, address + "?topic=" + topic);

        one.send("hello");
        other.awaitLines("message: hello");
        other.send("hello back");

        one.awaitLines("message: hello", "message: hello back");
        one.awaitSent();
        assertThat(one.errors()).isEmpty();
    }

    @Test
    void watchesFromEachKindOfStart() {
        List<String> ids = publish(3);
        ViewsPage page = open("watch");

        page.beginWith("all retained events", "");
        page.watch(topic);
        page.awaitRows("Watching ", "number 1", "number 2", "number 3", "3 earlier events · live from here");

        page.beginAnewWith("latest events", "1");
        page.watch(topic);
        page.awaitRows("Watching ", "number 3", "1 earlier event · live from here");

        page.beginAnewWith("events after an id", ids.get(0));
        page.watch(topic);
        page.awaitRows("Watching ", "number 2", "number 3", "2 earlier events · live from here");
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void watchesWithAPauseThroughAFilterAndInDepth() {
        ViewsPage page = open("watch");
        page.beginWith("new events only", "");
        page.watch(topic);
        page.button("Pause").click();
        page.awaitStatus("Paused");
        publish(12);
        page.button("Continue").click();
        page.rows("12 missed events · live again").waitFor();

        page.field("Filter").fill("number 1");

        page.tab().getByText("4 of 12 events").waitFor();
        page.rows("number 11").click();
        assertThat(page.tab().locator("#detail .data")).hasText("number 11");
        page.tab().getByText("Raw frame").click();
        assertThat(page.tab().locator("#detail .frame")).containsText(",\"data\":\"number 11\"}");
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void rejectedUpdateShowsTheReasonAndCanBeSentAgain() {
        ViewsPage page = open("send");
        page.field("Data").fill("{\"n\":1}");
        page.field("Id (optional)").fill("#of-the-hub");
        page.sendAndAwait("Not sent (400)");
        page.field("Id (optional)").fill("");
        page.field("Type (optional)").fill("order");
        page.sendAndAwait("Accepted after ");

        page.button("Send again").first().click();

        assertThat(page.tab().locator("#sent li .outcome"))
                .hasText(new String[] {"Accepted", "Accepted", "Rejected, 400"});
        page.button("Edit").last().click();
        assertThat(page.field("Id (optional)")).hasValue("#of-the-hub");
        page.go("watch");
        page.watch(topic);
        page.awaitRows("Watching ", "order", "order", "2 earlier events");
    }

    @Test
    void copiedCommandsRun() throws IOException {
        ViewsPage page = open("send");
        page.field("Data").fill(CopyAsTest.DATA);
        page.copyAs("curl");

        String answer = CopiedCode.of("curl", page.publication(), files).run("urn:uuid:", Map.of());
        String events = CopiedCode.of("curl", page.subscription(), files).run(CopyAsTest.DATA, Map.of());

        assertThat(answer).contains("urn:uuid:");
        assertThat(events).contains(CopyAsTest.DATA);
        for (String language : List.of("JavaScript", "Java", "PHP", "Python")) {
            page.field(language).check();
            assertThat(List.of(page.publication(), page.subscription()))
                    .as(language)
                    .allMatch(text -> text.contains(address.getAuthority()) && !text.contains("HERALD_TOKEN"));
        }
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void showsThatNoTokenIsNeeded() {
        ViewsPage page = open("token");

        page.paste(TokenProfile.token("{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}"));
        page.button("Verify with the hub").click();

        assertThat(page.tab().locator("#token-result .accepted")).hasText(new String[] {
            "Subscribe: accepted. Public events need no token.", "Publish: accepted. This hub needs no token."
        });
        page.button("Remove").click();
        page.tab().getByText("About tokens").waitFor();
    }

    @Test
    void drawsTheHubsFigures() {
        ViewsPage page = open("figures");
        page.awaitStatus("Live");
        assertThat(page.tab().getByRole(AriaRole.IMG)).hasCount(5);

        publisher.publishUpdate("counted");

        // A figure itself disappears after a second.
        page.tab()
                .locator(".chart", new Page.LocatorOptions().setHasText("Events per second"))
                .getByText("up to 1")
                .waitFor();
        assertThat(page.tab().getByText("Bytes waiting for sockets")).isHidden();
        assertThat(page.errors()).isEmpty();
    }
}
