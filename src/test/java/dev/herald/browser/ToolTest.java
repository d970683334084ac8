package dev.herald.browser;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

/** The views of the client page beside the chat. */
@QuarkusTest
class ToolTest {
    private static final int DEADLINE_SECONDS = 30;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    @TempDir
    Path files;

    private final String topic = "tool-" + UUID.randomUUID();

    private Page open(String view) {
        return open(view, new Browser.NewContextOptions());
    }

    private Page open(String view, Browser.NewContextOptions options) {
        Page page = CHROMIUM.profile(options).newPage();
        page.setDefaultTimeout(DEADLINE_SECONDS * 1_000);
        page.navigate(address + "?topic=" + topic + "#" + view);
        return page;
    }

    private Page watching() {
        Page page = open("watch");
        button(page, "Watch").click();
        awaitStatus(page, "Live");
        return page;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator options(Page page, String text) {
        return page.getByRole(AriaRole.OPTION).filter(new Locator.FilterOptions().setHasText(text));
    }

    private static void awaitStatus(Page page, String words) {
        page.locator("#status")
                .getByText(words)
                .or(page.locator("#status:has-text('" + words + "')"))
                .first()
                .waitFor();
    }

    private void publish(Map<String, String> fields) {
        given().formParam("topic", topic)
                .formParams(fields)
                .post("/.well-known/mercure")
                .then()
                .statusCode(200);
    }

    private static String token(String mercure) {
        return TokenMint.wellKnown().token("{\"mercure\":" + mercure + ",\"exp\":4102444800}");
    }

    @Test
    void showsEventsOfEveryTypeWithTheirTopicIdAndData() {
        Page page = watching();

        publish(Map.of("data", "{\"order\":12345678901234567890}", "type", "order", "id", "my-id"));
        options(page, "my-id").click();

        PlaywrightAssertions.assertThat(options(page, "my-id"))
                .containsText(new String[] {topic + "order" + "my-id" + "{\"order\":12345678901234567890}"});
        PlaywrightAssertions.assertThat(page.locator("#detail dd").first()).hasText(topic);
        // As it was written: a number of JavaScript would be another one.
        PlaywrightAssertions.assertThat(page.locator("#detail .number")).hasText("12345678901234567890");
        page.getByText("Raw frame").click();
        PlaywrightAssertions.assertThat(page.locator("#detail .frame"))
                .hasText("id: my-id\nevent: order\ndata: {\"order\":12345678901234567890}");
    }

    @Test
    void takesTextOfOthersForText() {
        Page page = watching();

        publish(Map.of("data", "<img src=x onerror=alert(1)>"));
        options(page, "<img src=x").click();

        PlaywrightAssertions.assertThat(page.locator("#detail .data")).hasText("<img src=x onerror=alert(1)>");
        assertThat(page.locator("img").count()).isZero();
    }

    @Test
    void pausesAndMissesNothing() {
        Page page = watching();

        button(page, "Pause").click();
        awaitStatus(page, "Paused");
        publish(Map.of("data", "meanwhile"));
        button(page, "Continue").click();

        options(page, "meanwhile").first().waitFor();
        options(page, "1 event came meanwhile").waitFor();
    }

    @Test
    void filtersAndClears() {
        Page page = watching();
        publish(Map.of("data", "apples"));
        publish(Map.of("data", "pears"));
        options(page, "pears").waitFor();

        page.getByLabel("Filter").fill("appl");

        PlaywrightAssertions.assertThat(options(page, "pears")).hasCount(0);
        PlaywrightAssertions.assertThat(options(page, "apples")).hasCount(1);
        button(page, "Clear").click();
        page.getByText("No events yet").waitFor();
    }

    @Test
    void drawsOnlyWhatIsSeenOfTenThousandEvents() {
        Page page = open("watch");
        page.getByText("No events yet").waitFor();
        page.evaluate("""
                async () => {
                  const { EventList } = await import('./page/event-list.js');
                  const box = document.getElementById('events').cloneNode(false);
                  document.getElementById('events').replaceWith(box);
                  window.list = new EventList(box, { fill: (row, item) => row.append(item.text), chosen() {}, followed() {} });
                  for (let i = 1; i <= 10_000; i++) list.add({ text: `row ${i} of many` }, 100);
                }""");

        options(page, "row 10000 of many").waitFor();
        assertThat(page.getByRole(AriaRole.OPTION).count()).isLessThan(100);
        page.getByRole(AriaRole.LISTBOX).focus();
        page.keyboard().press("Home");
        options(page, "row 1 of many").waitFor();
    }

    @Test
    void takesAStreamApartHoweverItIsCut() {
        Page page = open("watch");

        Object wrong = page.evaluate("""
                async () => {
                  const { FrameParser } = await import('./page/frames.js');
                  const text = '\\uFEFFid: 1\\r\\ndata: a\\rdata:b\\n\\n:\\nid: 2\\n\\nevent: x\\ndata\\nretry: 7\\r\\r';
                  const expected = JSON.stringify(new FrameParser().push(text));
                  for (let i = 0; i <= text.length; i++) {
                    const parser = new FrameParser();
                    const frames = [...parser.push(text.slice(0, i)), ...parser.push(text.slice(i))];
                    if (JSON.stringify(frames) !== expected || parser.retryMillis !== 7) return i;
                  }
                  return expected;
                }""");

        assertThat(wrong)
                .isEqualTo("[{\"raw\":\"id: 1\\ndata: a\\ndata:b\",\"ownId\":true,\"id\":\"1\",\"type\":\"message\","
                        + "\"data\":\"a\\nb\"},{\"raw\":\":\\nid: 2\",\"ownId\":true,\"id\":\"2\",\"type\":\"message\","
                        + "\"data\":null},{\"raw\":\"event: x\\ndata\\nretry: 7\",\"ownId\":false,\"id\":\"2\","
                        + "\"type\":\"x\",\"data\":\"\"}]");
    }

    @Test
    void sendsAndSaysWhyNot() {
        Page page = open("send");
        page.locator("#data").fill("{\"n\":1}");
        page.locator("#type").fill("order");
        page.locator("#event-id").fill("#no");

        button(page, "Send").click();
        page.getByText("Not sent (400)").waitFor();
        page.locator("#event-id").fill("sent-" + topic);
        button(page, "Send").click();

        page.locator("#send-answer").getByText("as sent-" + topic).waitFor();
        button(page, "Send again").first().click();
        PlaywrightAssertions.assertThat(page.locator("#sent li")).hasCount(3);
    }

    @Test
    void readsWhatIsPrivateWithATokenAndWithoutItNot() {
        Page page = watching();
        publish(Map.of("data", "secret one", "private", "on"));
        publish(Map.of("data", "open one"));
        options(page, "open one").waitFor();
        assertThat(options(page, "secret").count()).isZero();

        page.getByText("Token").first().click();
        page.getByLabel("Token (JWT)").fill(token("{\"publish\":[],\"subscribe\":[\"" + topic + "\"]}"));
        page.locator("#token-says").getByText(topic).waitFor();
        button(page, "Ask the hub").click();
        page.getByText("To publish: the hub takes it.").waitFor();
        page.locator("#views").getByText("Watch").click();
        awaitStatus(page, "Live");
        publish(Map.of("data", "secret two", "private", "on"));

        options(page, "secret two").waitFor();
    }

    @Test
    void saysWhatIsWrongWithAToken() {
        Page page = open("token");

        page.getByLabel("Token (JWT)").fill("not.a-token");

        page.getByText("This is no token: it has three parts").waitFor();
    }

    @Test
    void drawsFigures() {
        Page page = open("figures");
        awaitStatus(page, "Live");

        publish(Map.of("data", "counted"));

        page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Events a second: now"))
                .waitFor();
        page.locator("#charts").getByText("Subscribers").waitFor();
    }

    @ParameterizedTest
    @CsvSource({"curl,sh,sh", "JavaScript,node,mjs", "Java,java,java", "Python,python3,py"})
    void copiesWhatCanBeRun(String language, String program, String extension) throws Exception {
        needs(program);
        String data = "{\"say\":\"it's \\\\ $HOME `é` \\\"\"}";
        Page page = open("send");
        page.locator("#data").fill(data);
        page.getByText("Copy as").first().click();
        page.getByLabel(language, new Page.GetByLabelOptions().setExact(true)).check();

        String output = run(program, extension, page.locator("#copy-publish").textContent(), "urn:uuid:");

        assertThat(output).contains("urn:uuid:");
        if (!language.equals("JavaScript")) {
            String subscribe = page.locator("#copy-subscribe").textContent();
            assertThat(run(program, extension, subscribe, data)).contains(data);
        }
    }

    /** Loud where the language is missing, and a failure where nothing may be skipped. */
    private static void needs(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there && System.getenv("CI") == null) {
            String missing = "SKIPPED: there is no " + program + " in the PATH, so that its snippets were not run.";
            System.err.println("!! " + missing);
            abort(missing);
        }
        assertThat(there).as("%s is in the PATH", program).isTrue();
    }

    /** Runs the text until it has printed what is wanted, or has ended. */
    private String run(String program, String extension, String text, String wanted) throws IOException {
        Path script = Files.writeString(files.resolve("Snippet." + extension), text);
        Path output = files.resolve("output");
        Process process = new ProcessBuilder(List.of(program, script.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> Files.readString(output).contains(wanted) || !process.isAlive());
            return Files.readString(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "watch", "send", "copy", "token", "figures"})
    void isWithoutBarriersDarkAndNarrowToo(String view) {
        Page page = open(
                view,
                new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK).setViewportSize(360, 740));
        page.locator("body[data-view=" + view + "]").waitFor();

        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .extracting(rule -> rule.getId() + " " + rule.getNodes())
                .isEmpty();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    @Test
    void isSmall() {
        Page page = watching();

        Object bytes =
                page.evaluate("performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0)");

        assertThat(((Number) bytes).intValue()).isBetween(10_000, 100_000);
    }
}
