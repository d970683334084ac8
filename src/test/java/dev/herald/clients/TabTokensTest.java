package dev.herald.clients;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.browser.Chromium;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the tokens of tabs that share a connection with {@code herald.js}: of tabs that give none, and of those whose user
 * changes. The connection is in a worker.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class TabTokensTest {
    /** Lifetime of tokens that are renewed soon. */
    private static final int SOON = 3;

    /** Lifetime of tokens that are renewed at least 4.5 s before they expire, and at most 9 s: less than a tab is waited for. */
    private static final int LATER = 30;

    private static final String OTHER_USER = "window.other = { user: 'another', grants: ['https://example.com/none'] }";

    /** A page with {@code asked} answers no request for a token: it records the tabs that are asked. */
    private static final String SILENCE = """
            const { set } = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, 'onmessage');
            Object.defineProperty(BroadcastChannel.prototype, 'onmessage', {
                set(handler) {
                    set.call(this, event => {
                        if (window.asked && event.data.tokenFor) {
                            window.asked.push(event.data.to);
                        } else {
                            handler(event);
                        }
                    });
                },
            });
            """;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final Updates updates = Updates.privateOnes();
    private BrowserContext profile;
    private Tabs tabs;

    @BeforeEach
    void openProfile() {
        profile = CHROMIUM.profile();
        tabs = new Tabs(hub, profile, "http://localhost:" + HubClient.port(), updates);
    }

    /** A tab of a reader, which is live. */
    private Page reader(int seconds, Map<String, Object> options) {
        Page page = tabs.open("http://localhost:" + HubClient.port() + "/herald.d.ts");
        Map<String, Object> all = new HashMap<>(Tabs.withTokens(seconds, "reader"));
        all.putAll(options);
        tabs.subscribe(page, all);
        Tabs.awaitLive(page);
        return page;
    }

    private void publishForAll(String data) {
        int status = Request.publish()
                .bearer(Tokens.publisher(updates.topic()))
                .form("topic", updates.topic(), "data", data)
                .send()
                .status();
        assertThat(status).isEqualTo(200);
    }

    /** It may be asked twice before: when the token is renewed, and when that is too late. */
    @Test
    void silentTabIsAskedLastOnceItHasNotAnswered() {
        profile.addInitScript(SILENCE);
        Page silent = reader(SOON, Map.of());
        silent.evaluate("window.asked = []");
        Page other = reader(SOON, Map.of());
        tabs.awaitStreams(1);

        Tabs.await(silent, "asked.filter(tab => tab !== asked[0]).length > 2");

        assertThat(silent.evaluate("asked.slice(asked.findIndex(tab => tab !== asked[0])).includes(asked[0])"))
                .isEqualTo(false);
        updates.publish();
        tabs.assertReceivedFrom(0, other);
    }

    @Test
    void tabWhoseUserHasChangedLeavesAndTheOthersRenewInTime() {
        Page changed = reader(LATER, Map.of());
        Page other = reader(LATER, Map.of());
        tabs.awaitStreams(1);

        // The first one is asked for the next token.
        changed.evaluate(OTHER_USER);

        tabs.awaitStreams(2);
        Tabs.await(other, "tokens > 1");
        Tabs.awaitLive(changed);
        updates.publish();
        tabs.assertReceivedFrom(0, other);
        publishForAll("for all");
        Tabs.await(changed, "received.includes('for all')");
        assertThat(changed.evaluate("received")).isEqualTo(List.of("for all"));
        assertThat(other.evaluate("ends")).isEqualTo(List.of());
    }

    /** While it reads alone, it may still join the others. */
    @Test
    void tabThatReadsAloneAndWhoseUserHasChangedDoesNotJoinTheFormer() {
        Page former = reader(3_600, Map.of());
        // The others do not know this position.
        Page changed = reader(SOON, Map.of("lastEventId", "urn:unknown"));
        tabs.awaitStreams(2);

        changed.evaluate(OTHER_USER);
        Tabs.await(changed, "tokens > 1 && states.filter(state => state === 'live').length > 1");
        // At an event of both, it would join.
        publishForAll("the first for all");
        Tabs.await(changed, "received.includes('the first for all')");
        updates.publish();
        publishForAll("the last for all");

        Tabs.await(changed, "received.includes('the last for all')");
        assertThat(changed.evaluate("received")).isEqualTo(List.of("the first for all", "the last for all"));
        Tabs.await(former, "received.length === 3");
    }

    /** With cookies, nobody knows the user: share: true is no name. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tabsWithCookiesShareOnlyIfTheApplicationNamesTheUser(boolean named) {
        Map<String, Object> options = Map.of("cookie", true, "share", named ? "reader" : true);
        Page first = reader(3_600, options);
        Page second = reader(3_600, options);

        for (int i = 0; i < 2; i++) {
            updates.publish();
            List.of(first, second).forEach(page -> tabs.assertReceivedFrom(0, page));
        }

        tabs.awaitStreams(named ? 1 : 2);
    }
}
