package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that run the page's copied code for watching and sending; {@link GuardedPageIT} does so with a token. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class CopyAsTest {
    /** Characters with a special meaning in some language. */
    static final String DATA = "{\"say\":\"it's \\\\ $HOME `é` ${x} %s \\\"\"}";

    private static final Pattern README_SCRIPT = Pattern.compile("```js\n(.*?)\n\n(.*?)```", Pattern.DOTALL);

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    @TempDir
    Path files;

    private final String topic = "copy-" + UUID.randomUUID();
    private final List<String> console = new CopyOnWriteArrayList<>();
    private ViewsPage page;

    @BeforeEach
    void openPageWithData() {
        page = ViewsPage.open(CHROMIUM.profile(), address + "?topic=" + topic, "send");
        page.tab().onConsoleMessage(message -> console.add(message.text()));
        page.field("Data").fill(DATA);
    }

    private String run(String language, String text, String wanted) throws IOException {
        return CopiedCode.of(language, text, files).run(wanted, Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "JavaScript", "Java", "PHP", "Python"})
    void publishesWithAndWithoutATopicAndSubscribes(String language) throws IOException {
        page.field("Type (optional)").fill("order");
        page.field("Id (optional)").fill("id of " + topic);
        page.copyAs(language);

        assertThat(run(language, page.publication(), topic)).contains("id of " + topic);
        if (!language.equals("JavaScript")) {
            assertThat(run(language, page.subscription(), DATA)).contains("id of " + topic, DATA);
        }
        page.go("send");
        for (String field : List.of("Topic", "Type (optional)", "Id (optional)")) {
            page.field(field).fill("");
        }
        page.go("copy");
        assertThat(run(language, page.publication(), "success")).contains("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JavaScript", "Java", "PHP", "Python"})
    void resumesAfterANonAsciiIdWhenTheConnectionIsCut(String language) throws IOException {
        Publisher publisher = new Publisher(address, topic);
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            CopiedCode code = subscriber(language, proxy);
            publisher.publishUpdate("number zero");

            try (CopiedCode.Run run = code.start(Map.of("HERALD_TOKEN", token()))) {
                // After earlier events its last id would be one of the hub.
                run.await("number zero");
                publisher.publishUpdate("number one", "id", "é 1 ☃ 𝄞 " + topic);
                assertThat(run.await("number one")).contains("number one");
                proxy.cut();
                publisher.publishUpdate("number two", "id", "é 2 ☃ 𝄞 " + topic);
                eventually().until(() -> proxy.rejected() > 1 || !run.process().isAlive());
                proxy.restore();

                assertThat(run.await("number two"))
                        .containsOnlyOnce("number one")
                        .containsOnlyOnce("number two");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JavaScript", "Java", "PHP", "Python"})
    void reconnectsAfterAGatewayError(String language) throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            CopiedCode code = subscriber(language, proxy);
            proxy.answer(502);

            try (CopiedCode.Run run = code.start(Map.of("HERALD_TOKEN", token()))) {
                eventually().until(() -> proxy.rejected() > 0 || !run.process().isAlive());
                new Publisher(address, topic).publishUpdate("after the gateway");
                proxy.restore();

                assertThat(run.await("after the gateway")).containsOnlyOnce("after the gateway");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JavaScript", "Java", "PHP", "Python"})
    void truncatedEventIsReceivedAfterAReconnect(String language) throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            CopiedCode code = subscriber(language, proxy);
            new Publisher(address, topic).publishUpdate("x".repeat(10_000) + " whole");
            proxy.restoreTruncating(5_000);

            try (CopiedCode.Run run = code.start(Map.of("HERALD_TOKEN", token()))) {
                eventually().until(() -> proxy.rejected() > 0 || !run.process().isAlive());
                proxy.restore();

                assertThat(run.await(" whole")).containsOnlyOnce("x".repeat(10_000) + " whole");
            }
        }
    }

    /** Code that subscribes through the proxy with a token. */
    private CopiedCode subscriber(String language, CuttableProxy proxy) throws IOException {
        page = ViewsPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic, "token");
        page.paste(token());
        page.copyAs(language);
        return CopiedCode.of(language, page.subscription(), files);
    }

    private static String token() {
        return TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"*\"]},\"exp\":4102444800}");
    }

    /** JavaScript code without a token. */
    @Test
    void subscribesInAConsoleOfABrowser() {
        Publisher publisher = new Publisher(address, topic);
        publisher.publishUpdate(DATA);
        page.copyAs("JavaScript");

        page.tab().evaluate("() => {" + page.subscription() + "}");

        awaitConsole(DATA);
    }

    @Test
    void privateUpdateWithoutATopicHasNoCodeToCopy() {
        page.field("Topic").fill("");
        page.tab().getByLabel("Private: readable").check();

        page.copyAs("curl");

        assertThat(page.publication()).startsWith("Enter a topic: ").doesNotContain("curl", "HOME");
    }

    /** Where the browser does not allow copying, the page selects the text. */
    @Test
    void languageIsChosenAndCopiedWithTheKeyboardAlone() {
        page.copyAs("curl");
        page.field("curl").press("ArrowDown");
        assertThat(page.field("JavaScript")).isChecked();

        page.button("Copy, publish").press("Enter");

        assertThat(page.tab().locator(".copied").nth(1)).hasText(Pattern.compile("Copied\\.|Selected: press .*"));
        assertThat(page.button("Copy, publish")).isFocused();
    }

    @Test
    void browserScriptOfTheReadmeWorks() throws IOException {
        Matcher readme = README_SCRIPT.matcher(Files.readString(Path.of("README.md")));
        assertThat(readme.find()).as("code in the README").isTrue();
        String here = address.toString().replaceFirst("/$", "");

        page.tab().evaluate("() => {" + readme.group(1).replace("http://localhost:8080", here) + "}");
        awaitConsole("{}");
        page.tab().evaluate("async () => {" + readme.group(2).replace("http://localhost:8080", here) + "}");

        awaitConsole("{message: hello}");
    }

    private void awaitConsole(String words) {
        page.tab()
                .waitForCondition(
                        () -> console.stream().anyMatch(line -> line.contains(words)),
                        new Page.WaitForConditionOptions().setTimeout(ChatPage.DEADLINE_MILLIS));
    }
}
