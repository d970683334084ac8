package dev.herald.attack;

import java.util.List;
import java.util.UUID;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.browser.Chromium;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL M25 and M30 in a real browser: a foreign page, whose visitor's browser has the hub's cookie and
 * sends it with every request ({@code SameSite=None}).
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class CrossOriginPageTest {
    private static final String COOKIE = "mercureAuthorization=";

    /** Completes with the response, whether or not the browser exposes it to the page. */
    private static final String SCRIPT = "async ([mode, url, form]) => { try { await fetch(url, { method: 'POST', mode,"
            + " credentials: 'include', body: new URLSearchParams(form) }) } catch { } }";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    final HubClient client = new HubClient();

    private final String topic = UUID.randomUUID().toString();
    private final String hub = "http://localhost:" + HubClient.port();
    private EventStream stream;
    private Page page;

    @BeforeEach
    void visitForeignPage() {
        stream = client.open(Request.MERCURE + "?topic=" + topic);
        page = visit(Tokens.publisher("*"), Pages.foreign());
    }

    /** Visits a page with a browser that has the hub's cookie. */
    private Page visit(String token, String website) {
        Page visited = CHROMIUM.profile().newPage();
        visited.navigate(hub + "/q/health");
        // Not by Playwright, which sets no secure cookie in clear text; browsers do for localhost.
        visited.evaluate(
                "token => { document.cookie = `mercureAuthorization=${token}; Secure; SameSite=None; Path=/` }", token);
        visited.navigate(website + "/");
        return visited;
    }

    /** Status of the hub's response to a form submitted by a page at that address, in the visitor's browser. */
    private int submit(String from, String attributes, String target) {
        Page tab = page.context().newPage();
        tab.navigate(from);
        Response answer = tab.waitForResponse(
                hub + target,
                () -> tab.evaluate(
                        "([attributes, url, topic]) => { document.body.innerHTML = `<form method=post ${attributes}"
                                + " action=${url}><input name=topic value=${topic}><input name=data value=forged>"
                                + "<input name=message value=forged></form>`; document.forms[0].submit(); }",
                        List.of(attributes, hub + target, topic)));
        assertThat(answer.request().allHeaders().get("cookie"))
                .as("cookie sent by the browser")
                .startsWith(COOKIE);
        return answer.status();
    }

    @Test
    void formOnAForeignPagePublishesNothing() {
        for (String attributes : List.of("", "enctype=text/plain", "enctype=multipart/form-data", "rel=noreferrer")) {
            for (String target : List.of(Request.MERCURE, "/message?topic=" + topic)) {
                assertThat(submit(Pages.foreign(), attributes, target))
                        .as("%s %s", attributes, target)
                        .isEqualTo(403);
            }
        }

        assertThat(submit(hub + "/q/health", "", Request.MERCURE))
                .as("form of the hub's own page, with the cookie")
                .isEqualTo(200);
        assertThat(stream.awaitCount(1).data()).containsExactly("forged");
    }

    @Test
    void scriptWithTheCookiePublishesNothing() {
        // Also a listed page: it is not listed for cookies.
        for (String website : List.of(Pages.foreign(), Pages.listed())) {
            Page from = visit(Tokens.publisher("*"), website);
            for (String mode : List.of("no-cors", "cors")) {
                from.evaluate(SCRIPT, List.of(mode, hub + Request.MERCURE, "topic=" + topic + "&data=forged"));
            }
        }

        PublishedUpdates.assertNone(stream, topic);
    }

    @Test
    void foreignPageReadsNothing() {
        Page reader = visit(Tokens.subscriber("*"), Pages.foreign());
        String url = hub + Request.MERCURE + "?topic=" + topic;
        String outcome = "([url, withCredentials]) => new Promise(resolve => { const stream = new EventSource(url,"
                + " { withCredentials }); stream.onopen = () => resolve('open'); stream.onerror = () => resolve('closed'); })";

        String read =
                "async url => { try { return (await fetch(url, { credentials: 'include' })).status } catch { return"
                        + " 'refused' } }";
        String subscriptions = hub + Request.MERCURE + "/subscriptions";

        assertThat(reader.evaluate(outcome, List.of(url, true))).isEqualTo("closed");
        assertThat(reader.evaluate(outcome, List.of(url, false))).isEqualTo("closed");
        assertThat(reader.evaluate(read, subscriptions)).isEqualTo("refused");

        Page listed = visit(Tokens.subscriber("*"), Pages.listed());

        assertThat(listed.evaluate(outcome, List.of(url, true))).isEqualTo("open");
        assertThat(listed.evaluate(read, subscriptions)).as("with the cookie").isEqualTo(200);
    }
}
