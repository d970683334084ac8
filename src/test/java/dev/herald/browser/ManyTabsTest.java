package dev.herald.browser;

import java.net.URL;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import com.microsoft.playwright.BrowserContext;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.web.TlsProfile;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of more pages than the six HTTP/1.1 connections that a browser opens to a host. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class ManyTabsTest {
    private static final int PAGES = 10;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource(value = "/", tls = true)
    URL address;

    private final String topic = UUID.randomUUID().toString();

    @Test
    void eachPageGetsEveryMessageOverOneHttp2Connection() {
        BrowserContext profile = CHROMIUM.profile();
        List<ChatPage> pages = Stream.generate(() -> ChatPage.open(profile, address + "?topic=" + topic))
                .limit(PAGES)
                .toList();

        pages.get(0).send("from the first");
        pages.get(0).awaitLines("message: from the first");
        pages.get(PAGES - 1).send("from the last");

        for (ChatPage page : pages) {
            page.awaitLines("message: from the first", "message: from the last");
            assertThat(page.tab().evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"))
                    .isEqualTo("h2");
        }
    }
}
