package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of sending, tokens and figures on the client page of an open hub. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class SendTokenFiguresTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    private final String topic = "views-" + UUID.randomUUID();

    private ViewsPage open(String view) {
        return ViewsPage.open(CHROMIUM.profile(), address + "?topic=" + topic, view);
    }

    @Test
    void sendsAndShowsTheReasonOfARejection() {
        ViewsPage page = open("send");
        page.field("Data").fill("{\"n\":1}");
        page.field("Type (optional)").fill("order");
        page.field("Id (optional)").fill("#no");

        page.sendAndAwait("Not sent (400)");
        page.field("Id (optional)").fill("sent-" + topic);

        page.sendAndAwait("as sent-" + topic);
    }

    @Test
    void updateWithATypeNeedsATopicAndOthersUseTheDefault() {
        ViewsPage page = open("send");
        page.field("Topic").fill("");
        page.field("Data").fill("hello " + topic);
        page.field("Type (optional)").fill("order");

        page.sendAndAwait("Not sent. Enter a topic");
        page.field("Type (optional)").fill("");
        page.sendAndAwait("Accepted after ");

        page.go("watch");
        page.watch("lobby");
        assertThat(page.rows("{\"message\":\"hello " + topic + "\"}")).hasCount(1);
    }

    @Test
    void sendsAnUpdateAgain() {
        ViewsPage page = open("send");
        page.field("Data").fill("first");
        page.sendAndAwait("Accepted after ");
        page.field("Data").fill("second");
        page.sendAndAwait("Accepted after ");
        assertThat(page.tab().locator("#sent li")).hasCount(2);

        page.button("Send again").last().click();
        assertThat(page.tab().locator("#sent li")).hasCount(3);
        page.button("Edit").first().click();

        assertThat(page.field("Data")).hasValue("first");
        page.go("watch");
        page.watch(topic);
        page.awaitRows("Watching ", "first", "second", "first", "3 earlier events");
    }

    @Test
    void sendsWithTheKeyboardAlone() {
        ViewsPage page = open("send");
        page.field("Topic").focus();

        page.tab().keyboard().press("Tab");
        page.tab().keyboard().type("by hand");
        page.tab().keyboard().press("Control+Enter");

        assertThat(page.tab().locator("#send-result")).containsText("Accepted after ");
    }

    @Test
    void privateEventsAreShownOnlyWithAToken() {
        ViewsPage page = open("watch");
        Publisher publisher = new Publisher(address, topic);
        page.watch(topic);
        publisher.publishUpdate("secret one", "private", "on");
        publisher.publishUpdate("open one");
        page.awaitRows("Watching ", "open one");

        page.paste(token());
        page.go("watch");
        page.awaitStatus("Live");
        publisher.publishUpdate("secret two", "private", "on");

        page.rows("secret two").waitFor();
    }

    @Test
    void showsTheFaultOfAToken() {
        ViewsPage page = open("token");

        page.field("Token (JWT)").fill("not.a-token");

        page.awaitProblem("Not a valid token: a token has three parts");
        page.field("Token (JWT)").fill(token().replaceFirst(".$", "…"));
        page.awaitProblem("Not a valid token: its third part is not base64url.");
    }

    /** Terminals and mails break long lines. */
    @Test
    void acceptsATokenBrokenIntoLines() {
        ViewsPage page = open("token");

        page.paste("Bearer " + token().replaceAll(".{40}", "$0\r\n"));
        page.button("Verify with the hub").click();

        page.tab().getByText("Publish: accepted.").waitFor();
    }

    @Test
    void discardsTheVerdictOnAReplacedToken() {
        ViewsPage page = open("token");
        AtomicReference<Route> asked = new AtomicReference<>();
        page.tab().route("**/updates", asked::set);
        page.paste(token());
        page.button("Verify with the hub").click();
        page.tab().waitForCondition(() -> asked.get() != null);

        page.paste("not.a-token");
        page.tab().waitForResponse("**/updates", () -> asked.get().fulfill(new Route.FulfillOptions().setStatus(401)));
        // The effects of that response are visible once the next one arrives.
        page.tab().evaluate("() => fetch('page/herald.svg').then(answer => answer.text())");

        assertThat(page.tab().locator("#token-result")).isEmpty();
    }

    private String token() {
        return TokenMint.wellKnown()
                .token("{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"" + topic + "\"]},\"exp\":4102444800}");
    }

    /** Otherwise the hub would report a false gap when the events before the cursor are no longer retained. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void chatResumesAfterTheLastCursorWithAndWithoutAToken(boolean withToken) {
        ViewsPage page = open("token");
        if (withToken) {
            page.paste(token());
        }
        AtomicInteger asked = new AtomicInteger();
        page.tab()
                .route(
                        "**/SSE?*",
                        route -> route.fulfill(
                                route.request().url().contains("lastEventId=%237")
                                        ? new Route.FulfillOptions().setStatus(204)
                                        : endingAfterACursor(asked.getAndIncrement())));

        page.go("chat");

        page.awaitStatus("The hub has ended this stream.");
    }

    /** A stream with a cursor, then a response of a gateway without its hub. */
    private static Route.FulfillOptions endingAfterACursor(int before) {
        return before > 0
                ? new Route.FulfillOptions().setStatus(502)
                : new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody("retry: 1\nid: #0\ndata: {}\n\n:\nevent: cursor\nid: #7\ndata: {}\n\n");
    }

    /** The last received figures are outdated. */
    @Test
    void hidesCurrentFiguresWhileDisconnected() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            ViewsPage page = ViewsPage.open(CHROMIUM.profile(), proxy.page(), "figures");
            Locator now = page.tab()
                    .locator(".chart", new Page.LocatorOptions().setHasText("Subscribers"))
                    .locator(".current");
            assertThat(now).hasText(Pattern.compile("\\d+"));

            proxy.cut();

            page.awaitStatus("Connection lost");
            assertThat(now).hasText("–");
            proxy.restore();
            page.awaitStatus("Live");
            assertThat(now).hasText(Pattern.compile("\\d+"));
        }
    }

    @Test
    void drawsFiguresAndHidesPrivateOnes() {
        ViewsPage page = open("figures");
        page.awaitStatus("Live");

        new Publisher(address, topic).publishUpdate("counted");

        page.tab()
                .getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Events per second: now"))
                .waitFor();
        page.tab().getByText("Subscribers").waitFor();
        assertThat(page.tab().getByText("Bytes waiting for sockets")).isHidden();
        assertThat(page.errors()).isEmpty();
    }
}
