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
@TestProfile(KeysOnly.class)
class GuardedPageIT {
    private static final String ANYTHING = "{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    @TempDir
    Path files;

    private final String topic = "guarded-" + UUID.randomUUID();

    private ToolPage open(String view) {
        return ToolPage.open(CHROMIUM.profile(), address + "?topic=" + topic, view);
    }

    private ToolPage openWith(String token) {
        ToolPage page = open("token");
        page.paste(token);
        return page;
    }

    private Publisher backend() {
        return new Publisher(address, topic, Optional.of(KeysOnly.token(ANYTHING)));
    }

    @Test
    void contentSecurityPolicyAllowsOnlyOwnScripts() {
        ToolPage page = open("chat");

        String policy = page.tab().request().get(address.toString()).headers().get("content-security-policy");

        assertThat(policy)
                .contains("default-src 'self'", "trusted-types 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval");
    }

    @Test
    void chatNeedsATokenAndShowsARemedyWithout() {
        ToolPage page = open("chat");
        page.chat().awaitRefused("A token can be pasted under Token. Trying again…");
        page.chat().send("too early");
        page.chat().awaitRefusal("Not sent. ");
        page.chat().awaitRefusal("A token can be pasted under Token.");

        page.paste(KeysOnly.token(ANYTHING));
        page.go("chat");
        page.awaitStatus("Live");
        page.chat().send("in time");

        page.chat().awaitLines("message: in time");
    }

    @Test
    void watchNeedsATokenAndShowsARemedyWithout() {
        ToolPage page = open("watch");
        page.button("Watch").click();
        page.awaitStatus("Refused");
        page.awaitProblem("A token can be pasted under Token.");

        page.paste(KeysOnly.token(ANYTHING));
        page.go("watch");
        page.awaitStatus("Live");
        backend().publishUpdate("for all");
        backend().publishUpdate("for few", "private", "on");

        assertThat(page.rows("for all")).hasCount(1);
        assertThat(page.rows("for few")).hasCount(1);
        page.paste("");
        page.go("watch");
        page.awaitStatus("Refused");
    }

    @Test
    void watchesEarlierEventsWithAToken() {
        List<String> ids = Stream.of("number 1", "number 2", "number 3")
                .map(data -> backend().publishUpdate(data, "private", "on"))
                .toList();
        ToolPage page = openWith(KeysOnly.token(ANYTHING));
        page.go("watch");

        page.beginWith("all there is", "");
        page.watch(topic);
        page.awaitRows("Watching ", "number 1", "number 2", "number 3", "3 earlier events");
        page.beginAnewWith("what follows an id", ids.get(1));
        page.watch(topic);
        page.awaitRows("Watching ", "number 3", "1 earlier event");

        page.button("Pause").click();
        page.awaitStatus("Paused");
        backend().publishUpdate("number 4", "private", "on");
        page.button("Continue").click();
        page.awaitRows("Watching ", "number 3", "1 earlier event", "Paused", "number 4", "1 event came meanwhile");
    }

    @Test
    void watchHidesPrivateEventsWithoutAGrant() {
        ToolPage page = openWith(KeysOnly.token("{\"subscribe\":[\"elsewhere\"]}"));
        page.go("watch");
        page.watch(topic);

        backend().publishUpdate("for few", "private", "on");
        backend().publishUpdate("for all");

        assertThat(page.rows("for all")).hasCount(1);
        assertThat(page.rows("for few")).hasCount(0);
    }

    @Test
    void sendNeedsATokenAndShowsARemedyWithout() {
        ToolPage page = open("send");
        page.field("Data").fill("hello");
        page.sendAndAwait("Not sent (401). ");
        page.sendAndAwait("A token can be pasted under Token.");

        page.paste(KeysOnly.token("{\"publish\":[\"elsewhere\"]}"));
        page.go("send");
        page.sendAndAwait("Not sent (403). ");
        page.sendAndAwait("Another token can be pasted under Token.");
        page.paste(KeysOnly.token("{\"publish\":[\"" + topic + "\"]}"));
        page.go("send");
        page.tab().getByLabel("Private").check();
        page.sendAndAwait("Accepted after ");

        page.sendAndAwait("Only those get it whose token covers its topic.");
    }

    @Test
    void showsGrantsAndExpiryOfAToken() {
        long end = Instant.now().plusSeconds(7_300).getEpochSecond();
        ToolPage page = openWith(KeysOnly.tokenUntil(
                end, "{\"publish\":[\"a\",\"b\"],\"subscribe\":[\"/c/{id}\"],\"payload\":{\"name\":\"Ada\"}}"));

        assertThat(page.tab().getByRole(AriaRole.DEFINITION))
                .containsText(new String[] {"ab", "/c/{id}", "ends in 2 hours", "{\"name\":\"Ada\"}", "HS256"});
        page.button("Ask the hub").click();
        page.tab().getByText("To listen: the hub takes it.").waitFor();
        page.tab().getByText("To publish: the hub takes it.").waitFor();
        assertThat(page.complaints()).noneMatch(complaint -> complaint.contains("Security"));
    }

    @Test
    void newTokenAfterExpiryResumesWithoutLoss() {
        ToolPage page = openWith(KeysOnly.tokenUntil(Instant.now().getEpochSecond() + 3, ANYTHING));
        page.go("watch");
        page.watch(topic);

        page.awaitStatus("Refused");
        page.awaitProblem("Another token can be pasted under Token.");
        assertThat(page.tab().locator("#token-mark")).hasText("ended");
        backend().publishUpdate("meanwhile", "private", "on");
        page.paste(KeysOnly.token(ANYTHING));
        page.go("watch");

        page.awaitRows("Watching ", "The connection was lost", "meanwhile", "1 event came meanwhile · live again");
    }

    @Test
    void reportsThatTheHubRejectsAnExpiredToken() {
        ToolPage page = openWith(KeysOnly.tokenUntil(Instant.now().getEpochSecond() - 3_700, ANYTHING));
        assertThat(page.tab().getByRole(AriaRole.DEFINITION).nth(2)).containsText("ended 1 hour ago");

        page.button("Ask the hub").click();

        assertThat(page.tab().locator("#token-verdict .problem")).hasCount(2);
        page.go("watch");
        page.button("Watch").click();
        page.awaitProblem("Another token can be pasted under Token.");
    }

    @Test
    void figuresAreHiddenWithoutAGrant() {
        ToolPage page = openWith(KeysOnly.token("{\"subscribe\":[\"/elsewhere\"]}"));

        page.go("figures");

        page.awaitStatus("No figures");
        page.awaitProblem("The token's 'mercure.subscribe' does not cover '/figures'.");
        page.awaitProblem("Another token can be pasted under Token.");
    }

    @Test
    void figuresAreShownWithAGrant() {
        ToolPage page = open("figures");
        page.awaitStatus("No figures");
        page.awaitProblem("A token can be pasted under Token.");

        page.paste(KeysOnly.token("{\"subscribe\":[\"/figures\"]}"));
        page.go("figures");

        page.awaitStatus("Live");
        page.tab()
                .getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Bytes waiting for sockets: now"))
                .waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "JavaScript", "Java", "PHP", "Python"})
    void copiedCodeUsesATokenButDoesNotContainIt(String language) throws IOException {
        String token = KeysOnly.token("{\"publish\":[\"" + topic + "\"],\"subscribe\":[\"" + topic + "\"]}");
        ToolPage page = openWith(token);
        page.go("send");
        page.field("Data").fill(CopyAsTest.DATA);
        page.tab().getByLabel("Private").check();
        page.copyAs(language);

        String answer = run(language, page.publication(), token, "urn:uuid:");
        String events = run(language, page.subscription(), token, CopyAsTest.DATA);

        assertThat(answer).contains("urn:uuid:");
        assertThat(events).contains(CopyAsTest.DATA);
        assertThat(page.publication() + page.subscription()).doesNotContain(token);
    }

    private String run(String language, String text, String token, String wanted) throws IOException {
        return Script.of(language, text, files).run(wanted, Map.of("HERALD_TOKEN", token));
    }
}
