package dev.herald.browser;

import java.net.URL;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;

/** Tests of the chat on the client page with a stable connection. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class ChatTest {
    private static final int MOST_LINES = 1_000;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    /** A page shows earlier messages, so each test has a unique topic. */
    private final String topic = UUID.randomUUID().toString();

    private Publisher publisher;

    @BeforeEach
    void reachTheHub() {
        publisher = new Publisher(address, topic);
    }

    private ChatPage open() {
        return open(CHROMIUM.profile());
    }

    private ChatPage open(BrowserContext profile) {
        return ChatPage.open(profile, address + "?topic=" + topic);
    }

    /** Twenty earlier lines, and the later ones. */
    private static String[] earlier(String[] lines, String... newer) {
        return Stream.of(
                        Stream.of("20 earlier messages"),
                        Stream.of(lines),
                        Stream.of("New messages from here"),
                        Stream.of(newer))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    private static String[] messages(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> "message: number " + number)
                .toArray(String[]::new);
    }

    @Test
    void showsMessagesOfEachPageOnBothInOrder() {
        ChatPage one = open();
        ChatPage other = open();

        one.send("from one");
        one.awaitLines("message: from one");
        other.send("from the other");
        other.awaitLines("message: from one", "message: from the other");
        one.send("from one again");

        String[] all = {"message: from one", "message: from the other", "message: from one again"};
        one.awaitLines(all);
        other.awaitLines(all);
        one.awaitSent();
        assertThat(one.errors()).isEmpty();
        assertThat(other.errors()).isEmpty();
    }

    @Test
    void usesTheDefaultTopicWithoutATopicInItsAddress() {
        ChatPage page = ChatPage.open(CHROMIUM.profile(), address.toString());

        new Publisher(address, "lobby").publish("from elsewhere " + topic);
        page.tab().getByText("from elsewhere " + topic).waitFor();
        page.send("from here " + topic);

        page.tab().getByText("from here " + topic).waitFor();
    }

    @Test
    void showsTheLatestMessagesMarkedAsEarlierOnes() {
        IntStream.rangeClosed(1, 25).forEach(number -> publisher.publish("number " + number));

        ChatPage page = open();
        page.awaitLines(earlier(messages(6, 25)));
        page.send("new");

        page.awaitLines(earlier(messages(6, 25), "message: new"));
        assertThat(page.tab().locator(".earlier").allTextContents()).containsExactly(messages(6, 25));
        assertThat(page.tab().getByText("No messages yet").isVisible()).isFalse();
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void showsFewerEarlierMessagesThanItAsksFor() {
        publisher.publish("number 1");

        ChatPage page = open();

        page.awaitLines("1 earlier message", "message: number 1", "New messages from here");
    }

    @Test
    void showsNoEarlierMarkWithoutEarlierMessages() {
        ChatPage page = open();
        page.tab().getByText("No messages yet").waitFor();

        publisher.publish("the first");

        page.awaitLines("message: the first");
    }

    @Test
    void announcesNewMessagesAndNotEarlierOnes() {
        publisher.publish("earlier");
        BrowserContext profile = CHROMIUM.profile();
        // Lines that a screen reader skips, evaluated when the line appears.
        profile.addInitScript("""
                window.silent = [];
                document.addEventListener('DOMContentLoaded', () => new MutationObserver(changes => changes
                  .flatMap(change => [...change.addedNodes])
                  .filter(line => line.closest('[role=log]').ariaLive === 'off')
                  .forEach(line => silent.push(line.textContent))
                ).observe(document.getElementById('messages'), { childList: true }));
                """);

        ChatPage page = open(profile);
        page.awaitLines("1 earlier message", "message: earlier", "New messages from here");
        publisher.publish("new");
        page.awaitLines("1 earlier message", "message: earlier", "New messages from here", "message: new");

        assertThat(page.tab().evaluate("silent"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .contains("message: earlier")
                .doesNotContain("message: new");
    }

    @Test
    void hiddenTabCountsNewMessagesAndNotEarlierOnes() {
        publisher.publish("earlier");
        BrowserContext profile = CHROMIUM.profile();
        profile.addInitScript("Object.defineProperty(document, 'hidden', { get: () => true })");

        ChatPage page = open(profile);
        page.awaitLines("1 earlier message", "message: earlier", "New messages from here");
        String before = page.tab().title();
        publisher.publish("new");
        page.awaitLines("1 earlier message", "message: earlier", "New messages from here", "message: new");

        assertThat(before).isEqualTo("Herald");
        assertThat(page.tab().title()).isEqualTo("(1) Herald");
    }

    @Test
    void usesTheTopicOfItsAddress() {
        ChatPage page = ChatPage.open(CHROMIUM.profile(), address + "?topic=" + topic + "%26b%2Fc");

        publisher.publish("to another topic");
        page.send("to its own topic");

        page.awaitLines("message: to its own topic");
        assertThat(page.tab()
                        .getByText(topic + "&b/c", new Page.GetByTextOptions().setExact(true))
                        .isVisible())
                .isTrue();
    }

    @Test
    void worksWithTheKeyboardAlone() {
        ChatPage page = open();

        page.tab().getByText("open this page in a second window").waitFor();
        // Focus passes the views, the link in the empty list, the field.
        for (int stops = 0; stops < 8; stops++) {
            page.tab().keyboard().press("Tab");
        }
        page.tab().keyboard().type("by hand");
        page.tab().keyboard().press("Enter");
        page.awaitLines("message: by hand");
        page.awaitSent();
        page.tab().keyboard().type("and on");
        page.tab().keyboard().press("Tab");
        page.tab().keyboard().press("Space");

        page.awaitLines("message: by hand", "message: and on");
    }

    @Test
    void emptyChatShowsACommandToPublish() {
        ChatPage page = open();
        String command = "curl -d 'message=hello' '" + address + "message?topic=" + topic + "'";

        page.tab().getByText(command).waitFor();
        publisher.publish("the first");

        page.awaitLines("message: the first");
        assertThat(page.tab().getByText(command).isVisible()).isFalse();
    }

    @Test
    void showsMarkupInMessagesAsText() {
        ChatPage page = open();

        publisher.publish("<img src=x onerror=alert(1)><script>alert(2)</script><b>bold</b>");
        publisher.publishJson("\"<img src=x onerror=alert(3)>\"");
        publisher.publish("last");

        page.awaitLines(
                "message: <img src=x onerror=alert(1)><script>alert(2)</script><b>bold</b>",
                "\"<img src=x onerror=alert(3)>\"",
                "message: last");
        assertThat(page.tab().locator("main img, main script, main b").count()).isZero();
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void showsOtherJsonAsPublished() {
        ChatPage page = open();
        String[] others = {
            "7", "\"text\"", "[1, 2]", "null", "{}", "{\"message\":7}", "{\"message\":\"hi\",\"from\":\"me\"}"
        };

        Stream.of(others).forEach(publisher::publishJson);

        page.awaitLines(others);
    }

    @Test
    void keepsABoundedNumberOfNewestLinesInView() {
        ChatPage page = open();

        IntStream.rangeClosed(1, MOST_LINES + 5).forEach(number -> publisher.publish("number " + number));

        page.tab().getByText("number " + (MOST_LINES + 5)).waitFor();
        assertThat(page.lines())
                .hasSize(MOST_LINES)
                .startsWith("message: number 6")
                .endsWith("message: number " + (MOST_LINES + 5));
        page.tab().waitForFunction("() => scrollY > 0 && scrollY + innerHeight >= document.body.scrollHeight - 1");
    }

    @Test
    void doesNotScrollAwayFromOlderLines() {
        ChatPage page = open();
        IntStream.rangeClosed(1, 60).forEach(number -> publisher.publish("number " + number));
        page.tab().getByText("number 60").waitFor();
        page.tab().waitForFunction("() => scrollY > 0");

        page.tab().evaluate("scrollTo(0, 0)");
        page.tab().waitForFunction("() => new Promise(done => requestAnimationFrame(() => done(scrollY === 0)))");
        publisher.publish("number 61");

        page.tab()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("1 message below"))
                .waitFor();
        assertThat(page.tab().evaluate("scrollY")).isEqualTo(0);
        page.tab()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("1 message below"))
                .click();
        page.tab().waitForFunction("() => scrollY + innerHeight >= document.body.scrollHeight - 1");
    }

    @Test
    void loadsFilesOfItsOwnHubOnly() {
        ChatPage page = open();

        assertThat(page.tab().evaluate("performance.getEntriesByType('resource').map(entry => entry.name)"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).startsWith(address.toString()));
    }

    @Test
    void contentSecurityPolicyBlocksMarkupAndStyles() {
        ChatPage page = open();

        assertThatThrownBy(() -> page.tab().evaluate("document.body.innerHTML = '<b>bold</b>'"))
                .hasMessageContaining("TrustedHTML");
        page.tab().evaluate("document.body.setAttribute('style', 'color: red')");

        assertThat(page.errors())
                .anySatisfy(error ->
                        assertThat(error).contains("Content Security Policy").contains("inline style"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "index.html", "sse", "page/herald.js", "page/herald.css", "page/herald.svg"})
    void pageIsRevalidatedOnEachRequest(String path) {
        given().get(path)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", containsString("default-src 'self'"));
    }
}
