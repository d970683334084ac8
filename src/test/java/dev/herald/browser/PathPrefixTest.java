package dev.herald.browser;

import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.web.PathPrefixProfile;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

/** Tests of the client page below a path prefix. */
@QuarkusTest
@TestProfile(PathPrefixProfile.class)
class PathPrefixTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    @Test
    void sendsAndReceivesAtTheRootAndAtSse() {
        String root = address.getProtocol() + "://" + address.getAuthority();
        ChatPage one = ChatPage.open(CHROMIUM.profile(), root + "/push/");
        ChatPage other = ChatPage.open(CHROMIUM.profile(), root + "/push/sse");

        one.send("from the root");
        other.awaitLines("message: from the root");
        other.send("from sse");

        one.awaitLines("message: from the root", "message: from sse");
        other.awaitLines("message: from the root", "message: from sse");
        assertThat(one.errors()).isEmpty();
        assertThat(other.errors()).isEmpty();
    }

    @Test
    void allViewsWorkBelowThePrefix() {
        String root = address.getProtocol() + "://" + address.getAuthority() + "/push/";
        ViewsPage page = ViewsPage.open(CHROMIUM.profile(), root + "sse?topic=here", "send");
        page.field("Data").fill("hello");
        page.sendAndAwait("Accepted after ");

        page.go("watch");
        page.watch("here");
        page.awaitRows("Watching here", "hello", "1 earlier event");
        page.copyAs("curl");
        assertThat(page.subscription()).startsWith("curl -N '" + root + "SSE?topic=here");
        assertThat(page.publication()).startsWith("curl '" + root + ".well-known/mercure'");
        page.go("figures");
        page.awaitStatus("Live");

        assertThat(page.errors()).isEmpty();
    }

    /** Not on the client page, whose policy allows no worker. */
    @Test
    void clientModuleFindsItsHubBelowThePrefix() {
        Page page = CHROMIUM.profile().newPage();
        page.navigate(address.getProtocol() + "://" + address.getAuthority() + "/push/herald.d.ts");

        Object received = page.evaluate("""
                async () => {
                    const { Herald } = await import('/push/herald.js');
                    const hub = new Herald();
                    const received = new Promise(done => hub.subscribe({ topics: 'prefix', since: 1 }, done));
                    const id = await hub.publish({ topic: 'prefix', data: 'hello' });
                    const event = await received;
                    hub.close();
                    return [event.text, event.id === id];
                }""");

        assertThat(received).isEqualTo(List.of("hello", true));
    }

    /** The first example of the page on the client. */
    @Test
    void documentedExampleOfTheClientPublishesAndReceives() {
        String root = address.getProtocol() + "://" + address.getAuthority() + "/push";
        Page page = CHROMIUM.profile().newPage();
        List<String> printed = new ArrayList<>();
        page.onConsoleMessage(message -> printed.add(message.text()));
        page.navigate(root + "/herald.d.ts");

        page.addScriptTag(new Page.AddScriptTagOptions()
                .setType("module")
                .setContent(example().replace("http://localhost:8080", root)));

        page.waitForCondition(() -> !printed.isEmpty());
        assertThat(printed.get(0)).matches("urn:uuid:\\S+ message .*order.*");
    }

    private static String example() {
        String text = dev.herald.docs.Page.read(Path.of("src", "docs", "javascript.md"))
                .text();
        Matcher code = Pattern.compile("```js\n(import .*?)```", Pattern.DOTALL).matcher(text);
        assertThat(code.find()).isTrue();
        return code.group(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/push/", "/push/sse", "/push/page/herald.js"})
    void contentSecurityPolicyAppliesBelowThePrefix(String path) {
        given().basePath("")
                .get(path)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-cache")
                .header("Content-Security-Policy", containsString("default-src 'self'"));
    }
}
