package dev.herald.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.browser.Chromium;
import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a browser's {@code EventSource}, with and without a token cookie, on pages of the hub and of other origins.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class BrowserClientTest {
    /** Collects messages; resolves once the stream is open. */
    private static final String LISTEN = """
            ([url, withCredentials]) => new Promise((resolve, reject) => {
                window.received = [];
                window.ids = [];
                const stream = new EventSource(url, { withCredentials });
                stream.onopen = resolve;
                stream.onerror = () => stream.readyState === EventSource.CLOSED && reject('the browser gave up');
                stream.onmessage = ({ data, lastEventId }) => {
                    if (data === '{}') {
                        window.live = true;
                    } else {
                        received.push(data);
                        ids.push(lastEventId);
                    }
                };
            })""";

    /** What the documented recipe leaves to a page; a new cookie is set once the test allows it. */
    private static final String PAGE_OF_THE_RECIPE = """
            ([first, next]) => {
                document.cookie = `mercureAuthorization=${first}`;
                window.received = [];
                window.show = data => data === '{}' || received.push(data);
                window.renewToken = () => new Promise(renewed => {
                    window.renew = () => renewed(document.cookie = `mercureAuthorization=${next}`);
                });
            }""";

    private static final double DEADLINE_MILLIS = 30_000;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private CuttableProxy proxy;

    @BeforeEach
    void openProxy() throws IOException {
        proxy = new CuttableProxy(HubClient.port());
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    private Page visit(String address) {
        Page page = CHROMIUM.profile().newPage();
        page.navigate(address);
        return page;
    }

    /** Sets the cookie as the Mercure page does, except for the path and the attributes that need TLS. */
    private Page visit(String address, String token) {
        BrowserContext profile = CHROMIUM.profile();
        profile.addCookies(List.of(new Cookie("mercureAuthorization", token)
                .setUrl(proxy.origin())
                .setHttpOnly(true)
                .setSameSite(SameSiteAttribute.STRICT)));
        Page page = profile.newPage();
        page.navigate(address);
        return page;
    }

    private void assertReceivesAllThroughCuts(Page page, Updates updates, boolean withCredentials) {
        page.evaluate(LISTEN, List.of(proxy.origin() + updates.target(), withCredentials));
        updates.publish();
        awaitReceived(page, updates);

        updates.publishThroughCuts(proxy);

        awaitReceived(page, updates);
        assertThat(page.evaluate("received")).isEqualTo(updates.data());
    }

    private static void awaitReceived(Page page, Updates updates) {
        page.waitForFunction(
                "count => received.length >= count",
                updates.data().size(),
                new Page.WaitForFunctionOptions().setTimeout(DEADLINE_MILLIS));
    }

    @Test
    void receivesPublicUpdatesWithoutAToken() {
        assertReceivesAllThroughCuts(visit(Pages.listed()), Updates.everybodys(), false);
    }

    /** PROTOCOL Q20: a browser does not escape braces, bars and stray percent signs. */
    @Test
    void receivesUpdatesSelectedByATemplateInRawBraces() {
        Updates updates = Updates.everybodys();
        Page page = visit(proxy.page());
        String selectors = updates.target() + "{x}&topic=/books/{id}&topic=a|b^c&topic=100%";

        page.evaluate(LISTEN, List.of(selectors, false));
        updates.publish();

        awaitReceived(page, updates);
        assertThat(page.evaluate("received")).isEqualTo(updates.data());
    }

    @Test
    void receivesPrivateUpdatesOnThePageOfAnotherOriginWithItsCookie() {
        Updates updates = Updates.privateOnes();

        assertReceivesAllThroughCuts(visit(Pages.listed(), updates.readersToken()), updates, true);
    }

    @Test
    void receivesPrivateUpdatesOnAPageOfTheHubWithItsCookie() {
        Updates updates = Updates.privateOnes();

        assertReceivesAllThroughCuts(visit(proxy.page(), updates.readersToken()), updates, false);
    }

    @Test
    void receivesNoPrivateUpdateWithoutCredentials() {
        Updates secret = Updates.privateOnes();
        Updates open = Updates.everybodys();
        Page page = visit(Pages.listed(), secret.readersToken());
        page.evaluate(LISTEN, List.of(proxy.origin() + secret.target(open), false));

        secret.publish();
        open.publish();

        awaitReceived(page, open);
        assertThat(page.evaluate("ids")).isEqualTo(open.ids());
    }

    @Test
    void missesNothingWithSignalsWhenDisconnectedBeforeTheFirstUpdate() {
        Updates updates = Updates.everybodys();
        Page page = visit(Pages.listed());
        page.evaluate(LISTEN, List.of(proxy.origin() + updates.target() + "&signals=1", false));
        page.waitForFunction("window.live");

        proxy.cut();
        eventually().until(() -> proxy.rejected() > 0);
        updates.publish();
        proxy.restore();

        awaitReceived(page, updates);
        assertThat(page.evaluate("received")).isEqualTo(updates.data());
    }

    /** The recipe of the page on the API, and what happens without it. */
    @Test
    void e12PageRenewsItsTokenAsDocumentedWhereABrowserAloneGivesUp() {
        Updates updates = Updates.privateOnes();
        Page page = visit(Pages.listed());
        String expiring = updates.readersTokenUntil(Instant.now().plusSeconds(10));
        page.evaluate(PAGE_OF_THE_RECIPE, List.of(expiring, updates.readersToken()));
        page.addScriptTag(new Page.AddScriptTagOptions().setContent(recipe()));
        page.evaluate("topic => subscribe(topic)", updates.topic());
        page.evaluate(
                "url => { window.alone = new EventSource(url); }",
                proxy.origin() + updates.target() + "&authorization=" + expiring);
        page.waitForFunction("alone.readyState === EventSource.OPEN");
        updates.publish();
        awaitReceived(page, updates);

        page.waitForFunction(
                "window.renew !== undefined", null, new Page.WaitForFunctionOptions().setTimeout(DEADLINE_MILLIS));
        updates.publish();
        page.evaluate("renew()");
        awaitReceived(page, updates);
        updates.publish();
        awaitReceived(page, updates);

        assertThat(page.evaluate("received")).isEqualTo(updates.data());
        page.waitForFunction(
                "alone.readyState === EventSource.CLOSED",
                null,
                new Page.WaitForFunctionOptions().setTimeout(DEADLINE_MILLIS));
    }

    private String recipe() {
        String text =
                dev.herald.docs.Page.read(Path.of("src", "docs", "api.md")).text();
        Matcher code = Pattern.compile("```js\n(function subscribe\\(.*?)```", Pattern.DOTALL)
                .matcher(text);
        assertThat(code.find()).isTrue();
        return code.group(1).replace("http://localhost:8080", proxy.origin());
    }
}
