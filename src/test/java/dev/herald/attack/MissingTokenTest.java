package dev.herald.attack;

import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a missing token gets 401 before any other error: in the content type, the length, the form, the query or
 * the path. So an unauthorized client learns nothing of what the hub accepts. Covers publishing on both surfaces and
 * the subscription API; streams and figures are in {@code SwitchedTest}, whose hub needs a token for reading.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class MissingTokenTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private static void assertChallenged(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        assertThat(answer.headers("WWW-Authenticate")).containsExactly("Bearer");
        assertThat(answer.headers("Content-Type")).containsExactly("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "/message|none|''",
                "/message|application/json|''",
                "/message|application/json|{",
                "/message|image/png|x",
                "/message|nonsense|x",
                "/message|multipart/form-data; boundary=x|x",
                "/message|application/x-www-form-urlencoded|x",
                "/message|application/x-www-form-urlencoded|message=%FF",
                "/message?privat=on|text/plain|x",
                "/message?topic=|text/plain|x",
                "/message?topic=a&topic=b|text/plain|x",
                "/message?topic=%FF|text/plain|x",
                "/message?id=%23|text/plain|x",
                "/message?retry=x|text/plain|x",
                "/message;private=on|text/plain|x",
                "/.well-known/mercure|none|''",
                "/.well-known/mercure|application/json|{}",
                "/.well-known/mercure|application/x-www-form-urlencoded|data=1",
                "/.well-known/mercure|application/x-www-form-urlencoded|topic=%FF",
                "/.well-known/mercure?private=on|application/x-www-form-urlencoded|topic=a",
                "/.well-known/mercure?x=%FF|text/plain|topic=a",
            })
    void publishingWithoutATokenGets401BeforeAnyOtherError(String target, String type, String body) {
        Request request = Request.of("POST", target);

        assertChallenged((type == null ? request : request.body(type, body)).send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/message", Request.MERCURE})
    void missingTokenIsChallengedBeforeTheBodyIsRead(String target) {
        EventStream stream = hub.open(Request.MERCURE + "?topic=*");

        assertChallenged(Request.of("POST", target)
                .header("Content-Type", FORM)
                .header("Content-Length", "2000000000")
                .send());
        assertChallenged(Request.of("POST", target + "?" + "a&".repeat(10_001))
                .body(FORM, "topic=" + topic)
                .send());

        PublishedUpdates.assertNone(stream, topic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/t", "/t/s", "?x=%FF", "/t?topic=%FF", "/t/s?x=%FF", "/%20", "/t/urn%3Auuid%3Anone"})
    void subscriptionApiWithoutATokenGets401BeforeAnyOtherError(String below) {
        assertChallenged(Request.get(Request.MERCURE + "/subscriptions" + below).send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/message?authorization=%FF", "/.well-known/mercure?authorization=%FF"})
    void tokenInInvalidUtf8IsInvalid(String target) {
        Answer answer = Request.of("POST", target).body("image/png", "x").send();

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
        assertThat(answer.header("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("private"));
    }
}
