package dev.herald.clients;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.browser.Chromium;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.guarded.Tokens;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code herald.js} with tokens that are renewed many times, as in a night, and through reloads: in the header and in
 * the cookie, on pages of another origin.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class TokenRenewalTest {
    /** Lifetime of a token. */
    private static final int SECONDS = 3;

    private static final int RENEWALS = 4;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final Updates updates = Updates.privateOnes();

    private Tabs tabs(BrowserContext profile) {
        return new Tabs(hub, profile, "http://localhost:" + HubClient.port(), updates);
    }

    private void publishUntil(Page page, String condition) {
        while (!Boolean.TRUE.equals(page.evaluate(condition))) {
            updates.publish();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void e12NothingIsLostWhileTokensAreRenewedAgainAndAgain(boolean cookie) {
        Tabs tabs = tabs(CHROMIUM.profile());
        Map<String, Object> options = new HashMap<>(Tabs.withTokens(SECONDS, "reader"));
        options.put("cookie", cookie);
        List<Page> pages = Stream.of(1, 2).map(tab -> tabs.open(Pages.listed())).toList();
        pages.forEach(page -> tabs.subscribe(page, options));
        pages.forEach(Tabs::awaitLive);

        for (Page page : pages) {
            publishUntil(page, "states.filter(state => state === 'live').length > " + RENEWALS);
        }

        pages.forEach(page -> tabs.assertReceivedFrom(0, page));
        // Nobody knows whose cookie it is, so these do not share.
        tabs.awaitStreams(cookie ? 2 : 1);
        assertThat(pages).allSatisfy(page -> assertThat(page.evaluate("states.some(state => state.includes(':'))"))
                .isEqualTo(false));
    }

    @Test
    void pageContinuesAfterAReload() {
        Tabs tabs = tabs(CHROMIUM.profile());
        Page page = tabs.open(Pages.listed());
        Map<String, Object> options = new HashMap<>(Tabs.withTokens(3_600, "reader"));
        options.put("resume", "messages");
        tabs.subscribe(page, options);
        Tabs.awaitLive(page);
        int seen = 0;
        for (int reload = 0; reload < 3; reload++) {
            updates.publish();
            tabs.assertReceivedFrom(seen, page);
            seen = updates.data().size();
            page.reload();
            updates.publish();
            tabs.subscribe(page, options);
            tabs.assertReceivedFrom(seen, page);
            seen = updates.data().size();
            page.evaluate("received.length = 0");
        }
    }

    @Test
    void pageOfAnotherOriginPublishesAndReceives() {
        Tabs tabs = tabs(CHROMIUM.profile());
        Page page = tabs.open(Pages.listed());
        tabs.subscribe(page, Tabs.withTokens(3_600, "reader"));
        Tabs.awaitLive(page);

        Object id = page.evaluate(
                """
                ([hub, token, topic]) => new Herald(hub, { token: () => token })
                    .publish({ topic, data: 'from the page', private: true })""",
                List.of("http://localhost:" + HubClient.port(), Tokens.publisher(updates.topic()), updates.topic()));

        Tabs.await(page, "received.length > 0");
        assertThat(page.evaluate("received")).isEqualTo(List.of("from the page"));
        assertThat(page.evaluate("subscription.lastEventId")).isEqualTo(id);
    }
}
