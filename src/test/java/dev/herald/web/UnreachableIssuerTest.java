package dev.herald.web;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.KeyPairs;
import dev.herald.auth.TokenMint;
import dev.herald.log.CapturedErrors;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.notNullValue;

/**
 * Tests of tokens while the keys of their issuer cannot be fetched (PROTOCOL M21). That is temporary, but the
 * {@code EventSource} of a browser does not reconnect after any other status than 200 (HTML §9.2.3).
 */
@QuarkusTest
@TestProfile(UnreachableIssuerTest.ClosedPort.class)
class UnreachableIssuerTest {
    private static final String TOKEN = "Bearer "
            + TokenMint.of("ES256", KeyPairs.of("ES256").getPrivate())
                    .token("{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}}");

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.auth");

    public static final class ClosedPort implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String closed = "http://localhost:1/keys";
            return Map.of(
                    "herald.auth.publisher.key",
                    "",
                    "herald.auth.publisher.jwks-url",
                    closed,
                    "herald.auth.subscriber.key",
                    "",
                    "herald.auth.subscriber.jwks-url",
                    closed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/SSE", "/.well-known/mercure"})
    void e8StreamEndsAtOnceWithAReconnectionTime(String path) {
        logged.allow("The issuer's keys cannot be fetched.");

        String stream = given().header("Authorization", TOKEN)
                .queryParam("topic", "t")
                .get(path)
                .then()
                .statusCode(200)
                .contentType("text/event-stream")
                .extract()
                .asString();

        assertThat(stream)
                .matches("retry: \\d+\n"
                        + (path.equals("/SSE")
                                ? "event: end\nid: .+\ndata: \\{\"reason\":\"overloaded\",.+}\n\n"
                                : ""));
    }

    @Test
    void m21UpdateIsRejectedWith503() {
        logged.allow("The issuer's keys cannot be fetched.");

        given().header("Authorization", TOKEN)
                .contentType("text/plain")
                .body("x")
                .post("/message?topic=t")
                .then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("type", endsWith("keys-unavailable"));
    }
}
