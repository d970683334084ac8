package dev.herald.attack;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of forged and expired tokens (PROTOCOL M20–M22), on every surface and in every place. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ForgedTokenTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    @Test
    void forgedTokensPublishNothing() {
        EventStream stream = hub.open(Request.MERCURE + "?topic=" + topic);
        SoftAssertions all = new SoftAssertions();

        InvalidTokens.ofPublishers().forEach((name, token) -> {
            assertRejected(all, name, token, Request.publish().bearer(token).form("topic", topic, "data", name));
            assertRejected(
                    all, name, token, quick("/message?topic=" + topic, name).bearer(token));
            assertRejected(
                    all,
                    name,
                    token,
                    quick("/message?topic=" + topic + "&authorization=" + Request.escaped(token), name));
        });

        all.assertAll();
        PublishedUpdates.assertNone(stream, topic);
    }

    @Test
    void forgedTokensReadNothing() {
        SoftAssertions all = new SoftAssertions();

        InvalidTokens.ofSubscribers().forEach((name, token) -> {
            for (String target : List.of(
                    Request.MERCURE + "?topic=" + topic,
                    "/SSE?topic=" + topic,
                    "/figures",
                    Request.MERCURE + "/subscriptions")) {
                assertRejected(all, name, token, Request.get(target).bearer(token));
            }
            assertRejected(
                    all,
                    name,
                    token,
                    Request.get(Request.MERCURE + "?topic=*&authorization=" + Request.escaped(token)));
            assertRejected(
                    all,
                    name,
                    token,
                    Request.of("HEAD", Request.MERCURE + "?topic=*").bearer(token));
        });

        all.assertAll();
        for (String target : List.of(Request.MERCURE + "?topic=" + topic, Request.MERCURE + "/subscriptions")) {
            assertThat(Request.get(target).bearer(Tokens.subscriber("*")).send().status())
                    .as(target)
                    .isEqualTo(200);
        }
    }

    @Test
    void forgedTokensInACookieAreRejected() {
        SoftAssertions all = new SoftAssertions();
        String own = "http://localhost:" + HubClient.port();

        for (Map.Entry<String, String> forgery : InvalidTokens.ofPublishers().entrySet()) {
            if (forgery.getValue().matches("[\\w.-]+")) {
                assertRejected(
                        all,
                        forgery.getKey(),
                        forgery.getValue(),
                        Request.publish()
                                .header("Origin", own)
                                .header("Cookie", "mercureAuthorization=" + forgery.getValue())
                                .form("topic", topic));
            }
        }

        all.assertAll();
        assertThat(Request.publish()
                        .header("Origin", own)
                        .header("Cookie", "mercureAuthorization=" + Tokens.publisher("*"))
                        .form("topic", topic)
                        .send()
                        .status())
                .isEqualTo(200);
    }

    private static Request quick(String target, String text) {
        return Request.of("POST", target).body("text/plain", text.replaceAll("[^ -~]", "?"));
    }

    private static void assertRejected(SoftAssertions all, String name, String token, Request request) {
        Answer answer = request.send();
        all.assertThat(answer.status()).as(name).isEqualTo(401);
        all.assertThat(answer.headers("WWW-Authenticate")).as(name).containsExactly("Bearer error=\"invalid_token\"");
        if (token.length() > 20) {
            all.assertThat(answer.text()).as(name).doesNotContain(token.substring(token.length() - 20));
        }
    }
}
