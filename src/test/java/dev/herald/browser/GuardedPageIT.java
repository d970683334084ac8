package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the client page of a packaged hub that needs tokens, with a token and without. */
@QuarkusIntegrationTest
@TestProfile(TokenProfile.class)
class GuardedPageIT {
    private static final String ANYTHING = "{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    @TempDir
    Path files;

    private final String topic = "guarded-" + UUID.randomUUID();

    private ViewsPage open(String view) {
        return ViewsPage.open(CHROMIUM.profile(), address + "?topic=" + topic, view);
    }

    private ViewsPage openWith(String token) {
        ViewsPage page = open("token");
        page.paste(token);
        return page;
    }

    private Publisher backend() {
        return new Publisher(address, topic, Optional.of(TokenProfile.token(ANYTHING)));
    }

    @Test
    void contentSecurityPolicyAllowsOnlyOwnScripts() {
        ViewsPage page = open("chat");

        String policy = page.tab().request().get(address.toString()).headers().get("content-security-policy");

        assertThat(policy)
                .contains("default-src 'self'", "trusted-types 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval");
    }

    @Test
    void chatNeedsATokenAndShowsARemedyWithout() {
        ViewsPage page = open("chat");
        page.chat().awaitRejected("Paste a token under Token. Retrying…");
        page.chat().send("too early");
        page.chat().awaitSendError("Not sent. ");
        page.chat().awaitSendError("Paste a token under Token.");

        page.paste(TokenProfile.token(ANYTHING));
        page.go("chat");
        page.awaitStatus("Live");
        page.chat().send("in time");

        page.chat().awaitLines("message: in time");
    }

    @Test
    void watchNeedsATokenAndShowsARemedyWithout() {
        ViewsPage page = open("watch");
        page.button("Watch").click();
        page.awaitStatus("Rejected");
        page.awaitProblem("Paste a token under Token.");

        page.paste(TokenProfile.token(ANYTHING));
        page.go("watch");
        page.awaitStatus("Live");
        backend().publishUpdate("for all");
        backend().publishUpdate("for few", "private", "on");

        assertThat(page.rows("for all")).hasCount(1);
        assertThat(page.rows("for few")).hasCount(1);
        page.paste("");
        page.go("watch");
        page.awaitStatus("Rejected");
    }

    @Test
    void watchesEarlierEventsWithAToken() {
        List<String> ids = Stream.of("number 1", "number 2", "number 3")
                .map(data -> backend().publishUpdate(data, "private", "on"))
                .toList();
        ViewsPage page = openWith(TokenProfile.token(ANYTHING));
        page.go("watch");

        page.beginWith("all retained events", "");
        page.watch(topic);
        page.awaitRows("Watching ", "number 1", "number 2", "number 3", "3 earlier events");
        page.beginAnewWith("events after an id", ids.get(1));
        page.watch(topic);
        page.awaitRows("Watching ", "number 3", "1 earlier event");

        page.button("Pause").click();
        page.awaitStatus("Paused");
        backend().publishUpdate("number 4", "private", "on");
        page.button("Continue").click();
        page.awaitRows("Watching ", "number 3", "1 earlier event", "Paused", "number 4", "1 missed event");
    }

    @Test
    void watchHidesPrivateEventsWithoutAGrant() {
        ViewsPage page = openWith(TokenProfile.token("{\"subscribe\":[\"elsewhere\"]}"));
        page.go("watch");
        page.watch(topic);

        backend().publishUpdate("for few", "private", "on");
        backend().publishUpdate("for all");

        assertThat(page.rows("for all")).hasCount(1);
        assertThat(page.rows("for few")).hasCount(0);
    }

    @Test
    void sendNeedsATokenAndShowsARemedyWithout() {
        ViewsPage page = open("send");
        page.field("Data").fill("hello");
        page.sendAndAwait("Not sent (401). ");
        page.sendAndAwait("Paste a token under Token.");

        page.paste(TokenProfile.token("{\"publish\":[\"elsewhere\"]}"));
        page.go("send");
        page.sendAndAwait("Not sent (403). ");
        page.sendAndAwait("Paste another token under Token.");
        page.paste(TokenProfile.token("{\"publish\":[\"" + topic + "\"]}"));
        page.go("send");
        page.tab().getByLabel("Private: readable").check();
        page.sendAndAwait("Accepted after ");

        page.sendAndAwait("Only subscribers whose token covers its topic receive it.");
    }

    @Test
    void showsGrantsAndExpiryOfAToken() {
        long end = Instant.now().plusSeconds(7_300).getEpochSecond();
        ViewsPage page = openWith(TokenProfile.tokenUntil(
                end, "{\"publish\":[\"a\",\"b\"],\"subscribe\":[\"/c/{id}\"],\"payload\":{\"name\":\"Ada\"}}"));

        assertThat(page.tab().getByRole(AriaRole.DEFINITION))
                .containsText(new String[] {"ab", "/c/{id}", "expires in 2 hours", "{\"name\":\"Ada\"}", "HS256"});
        page.button("Verify with the hub").click();
        page.tab().getByText("Subscribe: accepted.").waitFor();
        page.tab().getByText("Publish: accepted.").waitFor();
        assertThat(page.errors()).noneMatch(error -> error.contains("Security"));
    }

    @Test
    void newTokenAfterExpiryResumesWithoutLoss() {
        ViewsPage page = open("token");
        // After the load of the page, which may take long.
        page.paste(TokenProfile.tokenUntil(Instant.now().getEpochSecond() + 15, ANYTHING));
        page.go("watch");
        page.watch(topic);

        page.awaitStatus("Rejected");
        page.awaitProblem("Paste another token under Token.");
        assertThat(page.tab().locator("#token-state")).hasText("expired");
        backend().publishUpdate("meanwhile", "private", "on");
        page.paste(TokenProfile.token(ANYTHING));
        page.go("watch");

        page.awaitRows("Watching ", "Connection lost", "meanwhile", "1 missed event · live again");
    }

    @Test
    void reportsThatTheHubRejectsAnExpiredToken() {
        ViewsPage page = openWith(TokenProfile.tokenUntil(Instant.now().getEpochSecond() - 3_700, ANYTHING));
        assertThat(page.tab().getByRole(AriaRole.DEFINITION).nth(2)).containsText("expired 1 hour ago");

        page.button("Verify with the hub").click();

        assertThat(page.tab().locator("#token-result .problem")).hasCount(2);
        page.go("watch");
        page.button("Watch").click();
        page.awaitProblem("Paste another token under Token.");
    }

    @Test
    void figuresAreHiddenWithoutAGrant() {
        ViewsPage page = openWith(TokenProfile.token("{\"subscribe\":[\"/elsewhere\"]}"));

        page.go("figures");

        page.awaitStatus("No figures");
        page.awaitProblem("The token's 'mercure.subscribe' does not cover '/figures'.");
        page.awaitProblem("Paste another token under Token.");
    }

    @Test
    void figuresAreShownWithAGrant() {
        ViewsPage page = open("figures");
        page.awaitStatus("No figures");
        page.awaitProblem("Paste a token under Token.");

        page.paste(TokenProfile.token("{\"subscribe\":[\"/figures\"]}"));
        page.go("figures");

        page.awaitStatus("Live");
        page.tab()
                .getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Bytes waiting for sockets: now"))
                .waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "JavaScript", "Java", "PHP", "Python"})
    void copiedCodeUsesATokenButDoesNotContainIt(String language) throws IOException {
        String token = TokenProfile.token("{\"publish\":[\"" + topic + "\"],\"subscribe\":[\"" + topic + "\"]}");
        ViewsPage page = openWith(token);
        page.go("send");
        page.field("Data").fill(CopyAsTest.DATA);
        page.tab().getByLabel("Private: readable").check();
        page.copyAs(language);

        String answer = run(language, page.publication(), token, "urn:uuid:");
        String events = run(language, page.subscription(), token, CopyAsTest.DATA);

        assertThat(answer).contains("urn:uuid:");
        assertThat(events).contains(CopyAsTest.DATA);
        assertThat(page.publication() + page.subscription()).doesNotContain(token);
    }

    private String run(String language, String text, String token, String wanted) throws IOException {
        return CopiedCode.of(language, text, files).run(wanted, Map.of("HERALD_TOKEN", token));
    }
}
