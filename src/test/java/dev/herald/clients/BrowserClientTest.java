package dev.herald.clients;

import java.io.IOException;
import java.util.List;

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
import dev.herald.browser.Wire;
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

    private static final double DEADLINE_MILLIS = 30_000;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private Wire wire;

    @BeforeEach
    void layTheWire() throws IOException {
        wire = new Wire(HubClient.port());
    }

    @AfterEach
    void endTheWire() throws IOException {
        wire.close();
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
                .setUrl(wire.origin())
                .setHttpOnly(true)
                .setSameSite(SameSiteAttribute.STRICT)));
        Page page = profile.newPage();
        page.navigate(address);
        return page;
    }

    private void assertReceivesAllThroughCuts(Page page, Updates updates, boolean withCredentials) {
        page.evaluate(LISTEN, List.of(wire.origin() + updates.target(), withCredentials));
        updates.publish();
        awaitReceived(page, updates);

        updates.publishThroughCuts(wire);

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

    /** Q20: a browser does not escape braces, bars and stray percent signs. */
    @Test
    void receivesUpdatesSelectedByATemplateInRawBraces() {
        Updates updates = Updates.everybodys();
        Page page = visit(wire.page());
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

        assertReceivesAllThroughCuts(visit(wire.page(), updates.readersToken()), updates, false);
    }

    @Test
    void receivesNoPrivateUpdateWithoutCredentials() {
        Updates secret = Updates.privateOnes();
        Updates open = Updates.everybodys();
        Page page = visit(Pages.listed(), secret.readersToken());
        page.evaluate(LISTEN, List.of(wire.origin() + secret.target(open), false));

        secret.publish();
        open.publish();

        awaitReceived(page, open);
        assertThat(page.evaluate("ids")).isEqualTo(open.ids());
    }

    @Test
    void missesNothingWithSignalsWhenDisconnectedBeforeTheFirstUpdate() {
        Updates updates = Updates.everybodys();
        Page page = visit(Pages.listed());
        page.evaluate(LISTEN, List.of(wire.origin() + updates.target() + "&signals=1", false));
        page.waitForFunction("window.live");

        wire.cut();
        eventually().until(() -> wire.turnedAway() > 0);
        updates.publish();
        wire.mend();

        awaitReceived(page, updates);
        assertThat(page.evaluate("received")).isEqualTo(updates.data());
    }
}
