package dev.herald.attack;

import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of several tokens in one request: one applies (PROTOCOL M20), and the grants of the others do not. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class TokenPrecedenceTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String own = "http://localhost:" + HubClient.port();
    private final String a = "a" + UUID.randomUUID();
    private final String b = "b" + UUID.randomUUID();
    private final String c = "c" + UUID.randomUUID();

    private Request publish(String parameters) {
        return Request.of("POST", Request.MERCURE + parameters).header("Origin", own);
    }

    private static String query(String token) {
        return "?authorization=" + token;
    }

    private static String cookie(String token) {
        return "mercureAuthorization=" + token;
    }

    private static int status(Request request, String... topics) {
        String[] form = new String[topics.length * 2];
        for (int i = 0; i < topics.length; i++) {
            form[2 * i] = "topic";
            form[2 * i + 1] = topics[i];
        }
        return request.form(form).send().status();
    }

    @Test
    void tokenInTheHeaderPrecedesQueryAndCookie() {
        for (Map.Entry<String, Integer> expected :
                Map.of(a, 200, b, 403, c, 403).entrySet()) {
            Request request = publish(query(Tokens.publisher(b)))
                    .bearer(Tokens.publisher(a))
                    .header("Cookie", cookie(Tokens.publisher(c)));

            assertThat(status(request, expected.getKey())).isEqualTo(expected.getValue());
        }
    }

    @Test
    void tokenInTheQueryPrecedesTheCookie() {
        for (Map.Entry<String, Integer> expected : Map.of(b, 200, c, 403).entrySet()) {
            Request request = publish(query(Tokens.publisher(b))).header("Cookie", cookie(Tokens.publisher(c)));

            assertThat(status(request, expected.getKey())).isEqualTo(expected.getValue());
        }
    }

    @Test
    void grantsOfTwoTokensAreNotCombined() {
        Request request = publish(query(Tokens.publisher(b))).bearer(Tokens.publisher(a));

        assertThat(status(request, a, b)).isEqualTo(403);
        assertThat(status(publish("").bearer(Tokens.publisher(a, b)), a, b)).isEqualTo(200);
    }

    @Test
    void validTokenDoesNotReplaceAnInvalidOneOfHigherPrecedence() {
        assertThat(status(publish(query(Tokens.publisher(a))).bearer("bad"), a)).isEqualTo(401);
        assertThat(status(publish(query("bad")).header("Cookie", cookie(Tokens.publisher(a))), a))
                .isEqualTo(401);
        assertThat(status(publish(query("")).header("Cookie", cookie(Tokens.publisher(a))), a))
                .isEqualTo(401);
        for (String header : new String[] {"Bearer", "Bearer ", "bearer", "BEARER \t"}) {
            assertThat(status(publish(query(Tokens.publisher(a))).header("Authorization", header), a))
                    .as("'%s'", header)
                    .isEqualTo(401);
        }
    }

    @Test
    void twoTokensInOnePlaceGet401() {
        Request headers = publish("").bearer(Tokens.publisher(a)).bearer(Tokens.publisher(a));
        Request parameters = publish(query(Tokens.publisher(a)) + "&authorization=" + Tokens.publisher(a));

        assertThat(status(headers, a)).isEqualTo(401);
        assertThat(status(parameters, a)).isEqualTo(401);
    }

    @Test
    void otherSchemeIsIgnored() {
        Request request = publish(query(Tokens.publisher(b))).header("Authorization", "Basic " + Tokens.publisher(a));

        assertThat(status(request, b)).isEqualTo(200);
    }

    @Test
    void readerGetsTheGrantsOfOneTokenOnly() {
        String target = Request.MERCURE + "?topic=" + a + "&topic=" + b + "&topic=" + c + "&authorization="
                + Tokens.subscriber(b);
        EventStream stream = hub.open(
                target,
                Map.of("Authorization", "Bearer " + Tokens.subscriber(a), "Cookie", cookie(Tokens.subscriber(c))));

        for (String topic : new String[] {b, c, a}) {
            Answer answer = Request.publish()
                    .bearer(Tokens.publisher("*"))
                    .form("topic", topic, "data", topic, "private", "")
                    .send();
            assertThat(answer.status()).isEqualTo(200);
        }

        assertThat(stream.awaitCount(1).data()).containsExactly(a);
    }
}
