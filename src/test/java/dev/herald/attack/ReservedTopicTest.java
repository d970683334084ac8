package dev.herald.attack;

import java.util.List;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;

/** Tests of M14: attempts to publish to a topic reserved for the hub. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ReservedTopicTest {
    private static final String INSIDE = "/.well-known/mercure/subscriptions/t/s";

    private static final List<String> RESERVED = List.of(
            "/.well-known/mercure",
            INSIDE,
            INSIDE + "?x=1",
            INSIDE + "#x",
            "https://example.com" + INSIDE,
            "https://user:password@example.com:443" + INSIDE,
            "HTTPS://EXAMPLE.COM" + INSIDE.toUpperCase(),
            "//example.com" + INSIDE,
            "\\\\example.com" + INSIDE.replace('/', '\\'),
            ".well-known/mercure/x",
            "/%2Ewell-known/mercure/x",
            "/.well-known%2Fmercure/x",
            "/.well-known/%6Dercure/x",
            "/.well-known/%6dercure/x",
            "/.well-known/%256dercure/x",
            "/.well-known/%25256dercure/x",
            "%2F%2Ewell-known%2Fmercure%2Fx",
            "https%3A%2F%2Fexample.com%2F.well-known%2Fmercure",
            "/./.well-known/./mercure/./x",
            "/a/../.well-known/mercure/x",
            "/.well-known/x/../mercure/x",
            "/a/%2e%2e/.well-known/mercure/x",
            "/a/%2E./.well-known/mercure/x",
            "/a/..%2F.well-known/mercure/x",
            "/../../.well-known/mercure/x",
            "/.well-known//mercure///x",
            "https://example.com/a/../.well-known/mercure/x",
            "/.well-known/mercure/%zz",
            "/.well-known/%6Dercure/subscriptions/%zz",
            "/.well-known/%6Dercure/subscriptions/t/s%",
            "https://example.com/%zz/../.well-known/%6Dercure/x",
            "/.well-known/mercure/%C0%AF",
            "/.well-known/%6Dercure/%FF",
            " /.well-known/mercure/x",
            "/.well-known/mercure ",
            " https://example.com/.well-known/mercure/x",
            "/.well-known/mercure%20",
            "/%3F/../.well-known/%6Dercure/x",
            "/%23/../.well-known/%6Dercure%3Fx",
            "/a%2F../.well-known/mercure",
            "https://example.com%3F/.well-known/mercure");

    private static final List<String> FREE = List.of(
            "/.well-known/mercury",
            "/.well-known/mercurex",
            "/.well-known/mercure-docs/x",
            "/.well-known/other",
            "/a/.well-known/mercure",
            "https://example.com/docs/.well-known/mercure",
            "https://example.com/search?q=/.well-known/mercure",
            "https://example.com/#/.well-known/mercure",
            "https://example.com?hub=%2F.well-known%2Fmercure",
            "https://example.com?hub=/.well-known/mercure",
            "urn:example:.well-known/mercure",
            "100% sure",
            "%",
            "50%25",
            "a%zz");

    @Test
    void reservedTopicIsRejectedInAnySpelling() {
        SoftAssertions all = new SoftAssertions();

        for (String topic : RESERVED) {
            all.assertThat(publish("topic", topic).status()).as(topic).isEqualTo(400);
            all.assertThat(publish("topic", "free", "topic", topic).status())
                    .as("%s as another topic", topic)
                    .isEqualTo(400);
            all.assertThat(Request.of("POST", "/message?topic=" + Request.escaped(topic))
                            .bearer(Tokens.publisher("*"))
                            .body("text/plain", "x")
                            .send()
                            .status())
                    .as("%s by the quick API", topic)
                    .isEqualTo(400);
        }

        all.assertAll();
    }

    @Test
    void similarTopicIsAccepted() {
        SoftAssertions all = new SoftAssertions();

        for (String topic : FREE) {
            all.assertThat(publish("topic", topic).status()).as(topic).isEqualTo(200);
        }

        all.assertAll();
    }

    private static Answer publish(String... form) {
        return Request.publish().bearer(Tokens.publisher("*")).form(form).send();
    }
}
