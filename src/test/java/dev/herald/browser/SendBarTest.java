package dev.herald.browser;

import java.io.IOException;
import java.net.URL;
import java.util.UUID;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/** Tests of the form below the list of events, and of what is typed into forms. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class SendBarTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    private final String topic = "bar-" + UUID.randomUUID();

    private ViewsPage watching(int width) {
        BrowserContext profile = CHROMIUM.profile(new Browser.NewContextOptions().setViewportSize(width, 800));
        ViewsPage page = ViewsPage.open(profile, address + "?topic=" + topic, "watch");
        page.watch(topic);
        return page;
    }

    private static Locator result(ViewsPage page) {
        return page.tab().locator("#send-bar-result");
    }

    @Test
    void sendsToTheTopicThatIsWatchedAndShowsTheReasonOfARejection() {
        ViewsPage page = watching(1280);
        assertThat(page.field("Send to topic")).hasValue(topic);

        page.field("Data to send").fill("{\"n\":1}");
        page.field("Type to send").fill("order");
        page.field("Data to send").press("Enter");

        page.awaitRows("Watching ", "order{\"n\":1}");
        assertThat(result(page)).containsText("Accepted after ");
        assertThat(page.field("Data to send")).hasValue("");
        page.field("Type to send").fill("a\u0001");
        page.button("Send").click();
        assertThat(result(page)).containsText("Not sent (400)");
    }

    @Test
    void topicOfTheUserIsKeptWhenOthersAreWatched() {
        ViewsPage page = watching(1280);
        page.watch("other-" + topic);
        assertThat(page.field("Send to topic")).hasValue("other-" + topic);

        page.field("Send to topic").fill("mine");
        page.watch(topic);

        assertThat(page.field("Send to topic")).hasValue("mine");
    }

    @Test
    void sendsAnEventAgainToAnotherTopicOnASmallScreen() {
        ViewsPage page = watching(360);
        new Publisher(address, topic).publishUpdate("{\"n\":12345678901234567890}", "type", "order");
        page.rows("123").click();

        page.button("Send again…").click();
        assertThat(page.field("Data to send")).isFocused();
        assertThat(page.field("Type to send")).hasValue("order");
        page.field("Send to topic").fill("other-" + topic);
        page.button("Send").click();

        assertThat(result(page)).containsText("Accepted after ");
        page.watch("other-" + topic);
        assertThat(page.rows("{\"n\":12345678901234567890}").last()).containsText("other-" + topic);
    }

    @Test
    void saysThatTheHubCannotBeReachedAndSendsOnceItCan() throws IOException {
        try (CuttableProxy proxy = new CuttableProxy(address.getPort())) {
            ViewsPage page = ViewsPage.open(CHROMIUM.profile(), proxy.page() + "?topic=" + topic, "watch");
            page.watch(topic);
            proxy.cut();
            page.field("Data to send").fill("late");
            page.button("Send").click();
            assertThat(result(page)).containsText("Not sent yet: the hub cannot be reached. Retrying…");

            proxy.restore();

            assertThat(result(page)).containsText("Accepted after ");
            assertThat(page.rows("late")).hasCount(1);
        }
    }

    @Test
    void draftsSurviveAReload() {
        ViewsPage page = ViewsPage.open(CHROMIUM.profile(), address + "?topic=" + topic, "send");
        page.field("Data").fill("not yet sent");
        page.tab().getByLabel("Private: readable").check();
        page.go("chat");
        page.awaitStatus("Live");
        page.chat().send("sent");
        page.chat().awaitLines("message: sent");
        page.chat().awaitSent();
        page.chat().input().fill("a draft");

        page.tab().reload();

        assertThat(page.chat().input()).hasValue("a draft");
        page.go("send");
        assertThat(page.field("Data")).hasValue("not yet sent");
        assertThat(page.tab().getByLabel("Private: readable")).isChecked();
    }
}
