package dev.herald.attack;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.Topic;
import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.http.HubPaths;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M14: attempts to publish to a topic reserved for the hub. */
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

    @Inject
    HubPaths paths;

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

    /** The check runs on an event loop, where no step may take more than some milliseconds. */
    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "/..", "/.", "//", "\\", "-", "w", "https://"})
    void costIsLinearInTheLength(String part) {
        List<Topic> shorter = topics(part, 400);
        List<Topic> longer = topics(part, 4_000);

        // A quadratic check would need 100 times the CPU time; the least of some, when the code is compiled.
        long least = cpuNanos(shorter);
        long most = cpuNanos(longer);
        for (int i = 0; i < 20; i++) {
            least = Math.min(least, cpuNanos(shorter));
            most = Math.min(most, cpuNanos(longer));
        }
        assertThat(most).isLessThan(40 * least);
    }

    private static List<Topic> topics(String part, int length) {
        return IntStream.range(0, 250)
                .mapToObj(i -> new Topic((i + part.repeat(length)).substring(0, length)))
                .toList();
    }

    /** CPU time, which a busy machine hardly changes. */
    private long cpuNanos(List<Topic> topics) {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long began = thread.getCurrentThreadCpuTime();
        topics.forEach(paths::rejectReserved);
        return thread.getCurrentThreadCpuTime() - began;
    }

    private static Answer publish(String... form) {
        return Request.publish().bearer(Tokens.publisher("*")).form(form).send();
    }
}
