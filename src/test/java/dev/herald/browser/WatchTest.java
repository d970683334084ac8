package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the view that shows live events of any topics. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class WatchTest {
    private static final String MISSING = "Events are missing here: the hub no longer has them.";

    /** Whether an element's text is completely visible. */
    private static final String IS_WHOLE = """
            selector => {
              const { scrollWidth, clientWidth } = document.querySelector(selector);
              return scrollWidth <= clientWidth;
            }""";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    private final String topic = "watch-" + UUID.randomUUID();

    private Publisher publisher;

    @BeforeEach
    void reachTheHub() {
        publisher = new Publisher(address, topic);
    }

    private ViewsPage open() {
        return ViewsPage.open(CHROMIUM.profile(), address + "?topic=" + topic, "watch");
    }

    private ViewsPage watching() {
        ViewsPage page = open();
        page.watch(topic);
        return page;
    }

    /** Publishes five events and returns the id of the third. */
    private String publishFive() {
        return IntStream.rangeClosed(1, 5)
                .mapToObj(number -> publisher.publishUpdate("number " + number))
                .toList()
                .get(2);
    }

    private String watched() {
        return "Watching " + topic;
    }

    @Test
    void showsEventsOfEveryTypeWithTheirTopicIdDataAndFrame() {
        String id = "my-" + topic;
        ViewsPage page = watching();

        publisher.publishUpdate("{\"order\":12345678901234567890}", "type", "order", "id", id);
        page.rows(id).click();

        assertThat(page.rows(id))
                .containsText(new String[] {topic + id + "order" + "{\"order\":12345678901234567890}"});
        assertThat(page.tab().locator(".row .time").first())
                .hasText(Pattern.compile("[0-2]\\d(:[0-5]\\d){2}\\.\\d{3}"));
        assertThat(page.tab().locator("#detail dd").first()).hasText(topic);
        // As published: a JavaScript number would lose digits.
        assertThat(page.tab().locator("#detail .number")).hasText("12345678901234567890");
        page.tab().getByText("Raw frame").click();
        assertThat(page.tab().locator("#detail .frame"))
                .containsText("id: " + id + "\nevent: order\ndata: {\"id\":\"" + id + "\",");
        assertThat(page.tab().locator("#detail .frame")).containsText(",\"data\":{\"order\":12345678901234567890}}");
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void opensAnEventInPlaceOfTheListOnASmallScreen() {
        ViewsPage page = ViewsPage.open(
                CHROMIUM.profile(new Browser.NewContextOptions().setViewportSize(360, 740)),
                address + "?topic=" + topic,
                "watch");
        page.watch(topic);
        publisher.publishUpdate("here");

        page.rows("here").click();

        assertThat(page.tab().locator("#detail .data")).hasText("here");
        page.button("Close").click();
        assertThat(page.tab().getByRole(AriaRole.LISTBOX)).isFocused();
    }

    @Test
    void truncatesLongDataUntilExpanded() {
        ViewsPage page = watching();

        publisher.publishUpdate("x".repeat(10_000) + "end");
        page.rows("xxx").click();

        assertThat(page.tab().locator("#detail .data")).not().containsText("end");
        page.button("Show all: 3 more characters").click();
        assertThat(page.tab().locator("#detail .data")).containsText("end");
    }

    @Test
    void showsMarkupInEventsAsText() {
        ViewsPage page = watching();

        publisher.publishUpdate("<img src=x onerror=alert(1)>");
        page.rows("<img src=x").click();

        assertThat(page.tab().locator("#detail .data")).hasText("<img src=x onerror=alert(1)>");
        assertThat(page.tab().locator("img")).hasCount(0);
        assertThat(page.errors()).isEmpty();
    }

    @Test
    void startsAtTheChosenPosition() {
        String third = publishFive();
        ViewsPage page = open();

        page.beginWith("latest events", "2");
        page.watch(topic);
        page.awaitRows(watched(), "number 4", "number 5", "2 earlier events · live from here");

        page.beginAnewWith("events after an id", third);
        page.watch(topic);
        page.awaitRows(watched(), "number 4", "number 5", "2 earlier events · live from here");

        page.beginAnewWith("all retained events", "");
        page.watch(topic);
        page.awaitRows(watched(), "number 1", "number 2", "number 3", "number 4", "number 5", "5 earlier events");

        page.beginAnewWith("new events only", "");
        page.watch(topic);
        publisher.publishUpdate("number 6");
        page.awaitRows(watched(), "number 6");
    }

    @Test
    void startsWithTheNewestEventOfEachTopic() {
        publishFive();
        String other = "other-" + topic;
        new Publisher(address, other).publishUpdate("another");
        publisher.publishUpdate("number 6");
        ViewsPage page = open();

        page.beginWith("newest of each topic", "");
        page.watch(topic, other);

        page.awaitRows("Watching ", "another", "number 6", "2 earlier events");
    }

    @Test
    void restartsAfterAnEventOfTheListAndAfterAReload() {
        publishFive();
        ViewsPage page = watching();

        page.rows("number 4").click();
        page.button("Watch events after this one").click();
        page.awaitRows(watched(), "number 5", "1 earlier event · live from here");
        page.tab().reload();

        page.awaitStatus("Live");
        page.awaitRows(watched(), "number 5", "1 earlier event · live from here");
    }

    @Test
    void watchingFromAnEventUsesTheTopicsOfThatTime() {
        publishFive();
        ViewsPage page = watching();
        page.rows("number 4").click();
        page.field("Topics and selectors, one per line").fill("elsewhere");

        page.button("Watch events after this one").click();

        page.awaitRows(watched(), "number 5", "1 earlier event · live from here");
    }

    @Test
    void readsATopicWithAQuestionMarkFromTheAddress() {
        ViewsPage page = open();

        page.tab().navigate(address + "?topic=" + topic + "#watch?topic=https://shop.example/?a=1&from=now");

        page.awaitRows("Watching https://shop.example/?a=1");
    }

    @Test
    void marksMissingEvents() {
        publishFive();
        ViewsPage page = open();

        page.beginWith("events after an id", "one-that-is-gone");
        page.watch(topic);

        page.awaitRows(
                watched(), MISSING, "number 1", "number 2", "number 3", "number 4", "number 5", "5 earlier events");
    }

    @Test
    void emptyFieldWatchesTheDefaultTopic() {
        ViewsPage page = open();

        page.watch("");

        // Other tests publish to it.
        assertThat(page.rows("Watching the hub's default topic")).isVisible();
    }

    @Test
    void watchesSeveralTopicsAndSelectorsAndShowsEachEventOnce() {
        ViewsPage page = open();
        page.watch(topic, "/rooms-" + topic + "/{id}", "/rooms-" + topic + "/1");

        publisher.publishUpdate("one");
        new Publisher(address, "elsewhere-" + topic).publishUpdate("not this one");
        new Publisher(address, "/rooms-" + topic + "/1").publishUpdate("two");

        page.awaitRows("Watching " + topic + ", /rooms-", "one", "two");
        page.rows("two").click();
        assertThat(page.tab().locator("#detail dd").first()).hasText("/rooms-" + topic + "/1");
        assertThat(page.tab().locator(".row .topic")).hasText(new String[] {topic, "/rooms-" + topic + "/1"});
    }

    @Test
    void showsAllTopicsOfAnEventAndWhetherItIsPrivate() {
        ViewsPage page = watching();

        publisher.publishUpdate("here", "topic", "also-" + topic);
        page.rows("here").click();

        assertThat(page.tab().locator("#detail dl").first())
                .containsText("Topic" + topic + "Alsoalso-" + topic + "Privateno");
    }

    @Test
    void showsTheEventsOfOneTopicAndKeepsAllThatIsSetInTheAddress() {
        String other = "other-" + topic;
        ViewsPage page = open();
        page.watch(topic, other);
        assertThat(page.tab().locator("#only")).isHidden();
        publisher.publishUpdate("apples 1");
        new Publisher(address, other).publishUpdate("apples 2");
        new Publisher(address, other).publishUpdate("pears 2");
        page.rows("pears 2").waitFor();

        page.field("Topic shown").selectOption(other);
        page.awaitRows("Watching ", "apples 2", "pears 2");
        page.field("Filter").fill("apples");
        page.awaitRows("Watching ", "apples 2");

        ViewsPage shared = ViewsPage.openShared(CHROMIUM.profile(), page.tab().url());
        shared.awaitRows("Watching ", "apples 2", "3 earlier events");
        assertThat(shared.field("Topic shown")).hasValue(other);
        shared.field("Filter").fill("");
        shared.awaitRows("Watching ", "apples 2", "pears 2", "3 earlier events");
        shared.field("Topic shown").selectOption("");
        shared.awaitRows("Watching ", "apples 1", "apples 2", "pears 2", "3 earlier events");
        shared.rows("apples 1").click();
        shared.button("Only this topic").click();
        shared.awaitRows("Watching ", "apples 1", "3 earlier events");
        page.go("send");
        page.go("watch");
        page.tab().reload();
        page.awaitRows("Watching ", "apples 2", "3 earlier events");
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 800, 1280})
    void showsTheTimeOfTheNextRetryAndMissesNothing(int width) throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            BrowserContext profile = CHROMIUM.profile(new Browser.NewContextOptions().setViewportSize(width, 740));
            ViewsPage page = ViewsPage.open(profile, proxy.page() + "?topic=" + topic, "watch");
            page.watch(topic);
            String last = publisher.publishUpdate("before");
            page.rows("before").waitFor();

            proxy.cut();
            page.awaitStatus("Connection lost, retrying…");
            page.tab().getByText("Retry in ").waitFor();
            page.tab().getByText("Last id " + last).waitFor();
            assertThat((boolean) page.tab().evaluate(IS_WHOLE, "#watch-place"))
                    .as("the complete id is visible")
                    .isTrue();
            publisher.publishUpdate("meanwhile");
            proxy.restore();

            page.awaitStatus("Live");
            page.awaitRows(watched(), "before", "Connection lost", "meanwhile", "1 missed event · live again");
        }
    }

    /** Without an id to resume after, events during the pause would be lost. */
    @Test
    void pauseIsDisabledBeforeTheFirstId() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            ViewsPage page = ViewsPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic, "watch");
            proxy.cut();
            page.button("Watch").click();
            page.awaitStatus("Not connected");
            assertThat(page.button("Pause")).isDisabled();

            proxy.restore();

            page.awaitStatus("Live");
            assertThat(page.button("Pause")).isEnabled();
        }
    }

    @Test
    void keepsASelectionOfTextToCopy() {
        BrowserContext profile = CHROMIUM.profile();
        profile.clock().install();
        ViewsPage page = ViewsPage.open(profile, address + "?topic=" + topic, "watch");
        page.watch(topic);
        String id = publisher.publishUpdate("here");
        page.tab().getByText("Last id " + id).waitFor();

        page.tab().evaluate("getSelection().selectAllChildren(document.getElementById('watch-last'))");
        page.tab().clock().runFor(2_000);

        assertThat(page.tab().evaluate("String(getSelection())")).isEqualTo("Last id " + id);
    }

    /** A page may be open for weeks, and a hub unavailable for hours. */
    @Test
    void reconnectsLeakNoListeners() {
        ViewsPage page = open();
        page.tab().evaluate("""
                () => {
                  const { addEventListener, removeEventListener } = EventTarget.prototype;
                  window.kept = 0;
                  EventTarget.prototype.addEventListener = function (...given) {
                    window.kept += this instanceof AbortSignal ? 1 : 0;
                    return addEventListener.apply(this, given);
                  };
                  EventTarget.prototype.removeEventListener = function (...given) {
                    window.kept -= this instanceof AbortSignal ? 1 : 0;
                    return removeEventListener.apply(this, given);
                  };
                }""");
        AtomicInteger asked = new AtomicInteger();
        page.tab()
                .route(
                        "**/SSE?*",
                        route -> route.fulfill(
                                asked.incrementAndGet() <= 20
                                        ? new Route.FulfillOptions()
                                                .setContentType("text/event-stream")
                                                .setBody("retry: 1\nid: #0\ndata: {}\n\n")
                                        : new Route.FulfillOptions().setStatus(204)));

        page.button("Watch").click();
        page.awaitStatus("The hub has ended this stream.");

        assertThat(asked).hasValue(21);
        assertThat((int) page.tab().evaluate("kept")).as("listeners").isLessThan(2);
    }

    /** A publisher may use this type for its own events. */
    @Test
    void hidesCursorsAndResumesAfterThem() {
        ViewsPage page = open();
        page.tab()
                .route(
                        "**/SSE?*",
                        route -> route.fulfill(
                                route.request().url().contains("lastEventId=%237")
                                        ? new Route.FulfillOptions().setStatus(204)
                                        : new Route.FulfillOptions()
                                                .setContentType("text/event-stream")
                                                .setBody("retry: 1\nid: #0\ndata: {}\n\n"
                                                        + ":\nid: 1\nevent: cursor\ndata: published\n\n"
                                                        + ":\n:\nevent: cursor\nid: #7\ndata: {}\n\n:\n")));

        page.button("Watch").click();
        page.awaitStatus("The hub has ended this stream.");

        assertThat(page.tab().locator("#events .row .data")).hasText(new String[] {"published"});
        assertThat(page.tab().locator("#watch-last")).hasText("Last id #7");
    }

    /** A publisher may use this type for its own events. */
    @Test
    void hidesTheEndOfARejectedStreamAndTriesAgain() {
        ViewsPage page = open();
        AtomicInteger asked = new AtomicInteger();
        String[] bodies = {
            "retry: 1\nevent: end\nid: known\ndata: {\"reason\":\"too-many-streams\",\"detail\":\"Later.\"}\n\n",
            "retry: 1\nevent: end\ndata: {\"reason\":\"draining\",\"detail\":\"Later.\"}\n\n",
            "retry: 1\nid: #0\ndata: {}\n\nid: 1\nevent: end\ndata: published\n\n"
        };
        page.tab().route("**/SSE?*", route -> {
            int number = asked.getAndIncrement();
            route.fulfill(
                    number < bodies.length
                            ? new Route.FulfillOptions()
                                    .setContentType("text/event-stream")
                                    .setBody(bodies[number])
                            : new Route.FulfillOptions().setStatus(204));
        });

        page.button("Watch").click();
        page.awaitStatus("The hub has ended this stream.");

        assertThat(page.tab().locator("#events .row .data")).hasText(new String[] {"published"});
    }

    @Test
    void pausesAndMissesNothing() {
        ViewsPage page = watching();

        page.button("Pause").click();
        page.awaitStatus("Paused");
        publisher.publishUpdate("meanwhile");
        page.button("Continue").click();

        page.awaitRows(watched(), "Paused: new events are replayed", "meanwhile", "1 missed event · live again");
    }

    @Test
    void filtersPresentAndNewEventsAndClears() {
        ViewsPage page = watching();
        publisher.publishUpdate("apples 1");
        publisher.publishUpdate("pears 1");
        page.rows("pears 1").waitFor();

        page.field("Filter").fill("APPL");
        publisher.publishUpdate("pears 2");
        publisher.publishUpdate("apples 2");

        page.awaitRows(watched(), "apples 1", "apples 2");
        page.tab().getByText("2 of 4 events").waitFor();
        page.field("Filter").fill("");
        page.awaitRows(watched(), "apples 1", "pears 1", "pears 2", "apples 2");
        page.button("Clear").click();
        page.tab().getByText("No events yet").waitFor();
    }

    @Test
    void followsTheNewestEventUntilScrolledBack() {
        ViewsPage page = watching();
        IntStream.rangeClosed(1, 60).forEach(number -> publisher.publishUpdate("number " + number + "."));
        assertThat(page.rows("number 60.")).isInViewport();

        page.tab().getByRole(AriaRole.LISTBOX).press("Home");
        assertThat(page.rows(watched())).isInViewport();
        publisher.publishUpdate("number 61.");
        page.tab().getByText("61 events").waitFor();

        assertThat(page.rows(watched())).isInViewport();
        assertThat(page.button("Follow")).hasAttribute("aria-pressed", "false");
        page.button("Follow").click();
        assertThat(page.rows("number 61.")).isInViewport();
    }

    @Test
    void rendersOnlyVisibleRowsOf10000Events() {
        ViewsPage page = open();
        int outside = elements(page);
        stream(page, 10_000);

        page.button("Watch").click();
        page.awaitStatus("The hub has ended this stream.");

        page.tab().getByText("10,000 events").waitFor();
        assertThat(page.rows("number 10000.")).isInViewport();
        assertThat(elements(page) - outside).as("elements for the list").isLessThan(600);
        page.tab().getByRole(AriaRole.LISTBOX).press("Home");
        page.tab().getByRole(AriaRole.LISTBOX).press("ArrowDown");
        assertThat(page.rows("number 1.")).isInViewport();
        page.field("Filter").fill("number 77");
        page.tab().getByText("111 of 10,000 events").waitFor();
        assertThat(elements(page) - outside).as("elements for the list").isLessThan(600);
    }

    private static int elements(ViewsPage page) {
        return (int) page.tab().evaluate("document.querySelectorAll('*').length");
    }

    /** Responds with this many events, then with 204 to prevent a reconnect. */
    private static void stream(ViewsPage page, int count) {
        String events = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "id: " + number + "\nevent: order\ndata: {\"n\":\"number " + number + ".\"}\n\n")
                .collect(Collectors.joining("", "retry: 1\nid: #0\ndata: {}\n\n", ""));
        AtomicInteger asked = new AtomicInteger();
        page.tab()
                .route(
                        "**/SSE?*",
                        route -> route.fulfill(
                                asked.getAndIncrement() == 0
                                        ? new Route.FulfillOptions()
                                                .setContentType("text/event-stream")
                                                .setBody(events)
                                        : new Route.FulfillOptions().setStatus(204)));
    }

    @Test
    void worksWithTheKeyboardAlone() {
        ViewsPage page = open();
        publisher.publishUpdate("by hand");
        Page tab = page.tab();

        tab.locator("#views a[href='#watch']").focus();
        pressUntilFocused(tab, "#selectors");
        tab.keyboard().press("Control+Enter");
        page.awaitStatus("Live");
        pressUntilFocused(tab, "#events");
        for (String key : List.of("End", "ArrowUp", "Enter")) {
            tab.keyboard().press(key);
        }

        assertThat(tab.locator("#detail .data")).hasText("by hand");
        assertThat(page.button("Close")).isFocused();
        tab.keyboard().press("Escape");
        assertThat(tab.getByRole(AriaRole.LISTBOX)).isFocused();
    }

    private static void pressUntilFocused(Page tab, String selector) {
        int stops = 0;
        do {
            tab.keyboard().press("Tab");
            assertThat(++stops).as("stops before " + selector).isLessThan(30);
        } while (!(boolean) tab.evaluate("selector => document.activeElement.matches(selector)", selector));
    }
}
