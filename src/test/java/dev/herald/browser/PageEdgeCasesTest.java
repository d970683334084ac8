package dev.herald.browser;

import java.net.URL;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ForcedColors;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the client page with extreme amounts, rapid input, and forced colours. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class PageEdgeCasesTest {
    private static final List<String> VIEWS = List.of("watch", "send", "copy", "token", "figures", "chat");

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    private final String topic = "edge-" + UUID.randomUUID();

    private ViewsPage open(BrowserContext profile, String view) {
        return ViewsPage.open(profile, address + "?topic=" + topic, view);
    }

    private ViewsPage watching() {
        ViewsPage page = open(CHROMIUM.profile(), "watch");
        page.watch(topic);
        return page;
    }

    private Publisher publisher() {
        return new Publisher(address, topic);
    }

    @Test
    void watchesFiveHundredTopics() {
        ViewsPage page = open(CHROMIUM.profile(), "watch");
        page.watch(IntStream.range(0, 500)
                .mapToObj(number -> number == 0 ? topic : topic + "/" + number)
                .toArray(String[]::new));

        publisher().publishUpdate("found");
        page.rows("found").click();

        assertThat(page.tab().locator("#detail dd").first()).hasText(topic);
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void showsARemedyForMoreTopicsThanTheHubAccepts() {
        ViewsPage page = open(CHROMIUM.profile(), "watch");
        // Not typed: typing so many lines takes a browser seconds.
        page.field("Topics and selectors, one per line")
                .evaluate("(field, text) => (field.value = text)", (topic + "/long\n").repeat(3_000));

        page.button("Watch").click();

        page.awaitStatus("Rejected");
        page.awaitProblem("Select with URI Templates or '*'");
    }

    @Test
    void changedAddressStartsWatching() {
        publisher().publishUpdate("number 1");
        publisher().publishUpdate("number 2");
        ViewsPage page = watching();
        page.button("Clear").click();

        page.tab().evaluate("topic => (location.hash = `watch?topic=${topic}&from=latest&value=1`)", topic);

        page.awaitRows("Watching ", "number 2", "1 earlier event");
    }

    @Test
    void truncatesALongNameInJson() {
        ViewsPage page = watching();
        publisher().publishUpdate("{\"" + "k".repeat(1_000) + "\":1}");

        page.rows("kkk").click();

        assertThat(page.tab().locator("#detail .leaf")).hasText("\"" + "k".repeat(199) + "…: 1");
    }

    @Test
    void truncatesALongTextInJson() {
        ViewsPage page = watching();
        publisher().publishUpdate("{\"text\":\"" + "x".repeat(500_000) + "end\"}");
        page.rows("xxx").click();
        Locator text = page.tab().locator("#detail .string");
        assertThat(text).not().containsText("end");

        page.button("Show all: 490,005 more characters").click();

        assertThat(text).containsText("end");
    }

    @Test
    void listStaysVisibleBesideALongId() {
        BrowserContext phone = CHROMIUM.profile(new Browser.NewContextOptions().setViewportSize(360, 740));
        ViewsPage page = open(phone, "watch");
        page.watch(topic);

        publisher().publishUpdate("here", "id", "first" + "-".repeat(900) + "last");

        assertThat(page.tab().locator("#watch-last")).containsText("Last id first");
        assertThat(page.tab().locator("#watch-last")).containsText("-last");
        assertThat(page.rows("here")).isInViewport();
    }

    @Test
    void staysStoppedAfterSwitchingViews() {
        ViewsPage page = watching();
        page.button("Stop").click();
        page.go("send");

        page.tab().goBack();

        assertThat(page.tab().locator("#watch-view")).isVisible();
        page.awaitStatus("Stopped");
        page.awaitRows("Watching ");
    }

    @Test
    void focusMovesToTheListWhenWatchingFromAnEvent() {
        ViewsPage page = watching();
        publisher().publishUpdate("before");
        page.rows("before").click();

        page.button("Watch events after this one").press("Enter");

        assertThat(page.tab().locator("#events")).isFocused();
    }

    @Test
    void rapidViewSwitchesEndInTheLastView() {
        ViewsPage page = open(CHROMIUM.profile(), "chat");

        for (int round = 0; round < 5; round++) {
            page.tab().evaluate("views => views.forEach(view => (location.hash = view))", VIEWS);
        }
        page.awaitStatus("Live");
        page.chat().send("still here");

        page.chat().awaitLines("message: still here");
        assertThat(page.tab().locator("main:visible")).hasCount(1);
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void returningFromAnotherPageShowsEachMessageOnce() {
        ViewsPage page = open(CHROMIUM.profile(), "chat");
        page.awaitStatus("Live");
        page.chat().send("before");
        page.chat().awaitLines("message: before");

        page.tab().navigate(address + "page/herald.svg");
        publisher().publish("meanwhile");
        page.tab().goBack();

        page.awaitStatus("Live");
        assertThat(page.tab().locator(".message")).hasText(new String[] {"message: before", "message: meanwhile"});
    }

    /** Forced colours drop backgrounds and shadows, and show each border. */
    @Test
    void selectionIsVisibleInForcedColours() {
        ViewsPage page = watching();
        publisher().publishUpdate("chosen");
        page.tab().emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));

        page.rows("chosen").click();

        assertThat(page.rows("chosen")).hasCSS("outline-style", "solid");
        String current = border(page, "[aria-current]", "bottom");
        assertThat(current)
                .isNotEqualTo(border(page, "[aria-current]", "top"))
                .isNotEqualTo(border(page, ":not([aria-current])", "bottom"));
    }

    private static String border(ViewsPage page, String link, String side) {
        return (String) page.tab()
                .evaluate(
                        "([link, border]) => getComputedStyle(document.querySelector(link)).getPropertyValue(border)",
                        List.of("#views a" + link, "border-" + side + "-color"));
    }
}
