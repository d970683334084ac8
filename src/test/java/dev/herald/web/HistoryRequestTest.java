package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.auth.TokenMint;
import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 over HTTP: invalid requests for past events, and tokens. */
@QuarkusTest
class HistoryRequestTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic;

    private static Map<String, String> bearer(String claims) {
        return Map.of("Authorization", "Bearer " + TokenMint.wellKnown().token(claims));
    }

    private static Map<String, String> reader(String selector) {
        return bearer("{\"mercure\":{\"subscribe\":[\"" + selector + "\"]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "limit=0|'limit' must be a number from 1 to 1000",
                "limit=1001|'limit' must be",
                "limit=-1|'limit' must be",
                "limit=ten|'limit' must be",
                "limit=99999999999999999999|'limit' must be",
                "limit=1&limit=2|'limit' is given more than once",
                "wait=30|'wait' must be a number with a unit",
                "wait=soon|'wait' must be",
                "wait=-1s|'wait' must be",
                "wait=10h|'wait' must be at most 5m",
                "wait=301s|'wait' must be at most 5m",
                "wait=999999999999999999999m|'wait' must be",
                "wait=1s&wait=2s|'wait' is given more than once",
                "wiat=30s|'wiat' is not a parameter of this request",
                "since=a&since=b|'since' is given more than once",
                "since=1&since=|'since' is given more than once",
                "since=0|'since' is out of range",
                "since=1001|'since' is out of range",
                "topic=%00|'topic'",
                "auth=maybe|'auth' must be 'required'"
            })
    void q16InvalidParameterIsRejectedWith400(String query, String detail) {
        for (String accept : List.of("application/json", PastEvents.LINES)) {
            Answer answer = past.get(query, Map.of("Accept", accept));

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(new JsonObject(answer.body()).getString("detail")).contains(detail);
        }
    }

    @Test
    void q16TokenIsRequiredOnRequestAndAnInvalidOneIsRejected() {
        assertThat(past.get(selected + "&auth=required").status()).isEqualTo(401);
        assertThat(past.get(selected + "&auth=required", reader(topic)).status())
                .isEqualTo(200);
        assertThat(past.get("limit=0&authorization=none").status()).isEqualTo(401);
        Answer expired = past.get(selected, bearer("{\"exp\":1}"));
        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.header("WWW-Authenticate")).contains("invalid_token");
    }

    @Test
    void q16TokenMayBeInACookie() {
        hub.send(HttpMethod.POST, "/message?topic=" + topic + "&private", Map.of(), Buffer.buffer("{\"n\":1}"));
        String token = TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"*\"]}}");

        assertThat(past.read(selected, Map.of("Cookie", "mercureAuthorization=" + token))
                        .numbers())
                .containsExactly(1);
    }

    @Test
    void q12OtherMethodsAreRejectedWith405() {
        Answer answer = hub.send(HttpMethod.DELETE, "/updates", Map.of(), Buffer.buffer());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
    }
}
