package dev.herald.attack;

import java.util.List;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M25 (CSRF): a foreign page makes a visitor's browser publish with the token in its cookie. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class CookieCsrfTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();
    private final int port = HubClient.port();
    private final String own = "http://localhost:" + port;

    private Request byCookie(String target, String type) {
        return Request.of("POST", target)
                .header("Cookie", "mercureAuthorization=" + Tokens.publisher("*"))
                .body(type, "topic=" + topic + "&message=forged&data=forged");
    }

    private Request byCookie() {
        return byCookie(Request.MERCURE, FORM);
    }

    @Test
    void cookieOfAForeignOriginPublishesNothing() {
        EventStream stream = hub.open(Request.MERCURE + "?topic=" + topic);
        SoftAssertions all = new SoftAssertions();

        for (Target target : List.of(
                new Target(Request.MERCURE, FORM),
                new Target("/message?topic=" + topic, FORM),
                // A page can send these without a preflight (Fetch §2.2.2).
                new Target("/message?topic=" + topic, "text/plain"),
                new Target("/message?topic=" + topic, "multipart/form-data; boundary=b"))) {
            for (String origin : List.of(
                    GuardedHub.FOREIGN_ORIGIN,
                    "null",
                    "",
                    Pages.listed(),
                    "http://localhost",
                    "http://localhost:" + (port + 1),
                    "http://localhost.evil.example:" + port,
                    "http://evil@localhost:" + port,
                    own + ".evil.example",
                    own + "/",
                    "localhost:" + port,
                    "*")) {
                all.assertThat(byCookie(target.path, target.type)
                                .header("Origin", origin)
                                .send()
                                .status())
                        .as("%s, Origin: %s", target, origin)
                        .isEqualTo(403);
            }
            all.assertThat(byCookie(target.path, target.type).send().status())
                    .as("%s, without Origin and Referer", target)
                    .isEqualTo(403);
        }

        all.assertAll();
        PublishedUpdates.assertOnly(stream, byCookie().header("Origin", own));
    }

    @Test
    void refererIsCheckedWithoutAnOrigin() {
        SoftAssertions all = new SoftAssertions();

        for (String referer : List.of(
                GuardedHub.FOREIGN_ORIGIN + "/",
                GuardedHub.FOREIGN_ORIGIN + "/?" + own + "/",
                GuardedHub.FOREIGN_ORIGIN + "#" + own + "/",
                own + "@evil.example/",
                own + ".evil.example/",
                "http://localhost:" + port + "%00.evil.example/",
                "http://localhost:" + port + "\\@evil.example/",
                "//localhost:" + port + "/",
                "localhost:" + port,
                "/page",
                "about:client",
                "data:text/html,x",
                "")) {
            all.assertThat(byCookie().header("Referer", referer).send().status())
                    .as(referer)
                    .isEqualTo(403);
        }

        all.assertAll();
        assertThat(byCookie().header("Referer", own + "/page?x=1").send().status())
                .isEqualTo(200);
    }

    @Test
    void originTakesPrecedenceOverTheReferer() {
        Request request = byCookie().header("Origin", GuardedHub.FOREIGN_ORIGIN).header("Referer", own + "/");

        assertThat(request.send().status()).isEqualTo(403);
    }

    private record Target(String path, String type) {}
}
