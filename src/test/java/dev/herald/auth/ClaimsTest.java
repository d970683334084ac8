package dev.herald.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.MovingClock;
import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;

/** Claims of a token with a valid signature (PROTOCOL M6, M22, M23). */
class ClaimsTest {
    private static final String KEY = "herald.auth.subscriber.key=" + TokenMint.WELL_KNOWN_SECRET;

    private final MovingClock clock = new MovingClock();
    private final Authenticator authenticator = authenticator(clock, KEY);

    private static Grants accepts(Authenticator authenticator, String claims) {
        return granted(
                authenticator.subscriber(Optional.of(TokenMint.wellKnown().token(claims))));
    }

    private Grants accepts(String claims) {
        return accepts(authenticator, claims);
    }

    private static void rejects(Authenticator authenticator, String claims, String reason) {
        assertThat(rejection(authenticator.subscriber(
                        Optional.of(TokenMint.wellKnown().token(claims)))))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    private void rejects(String claims, String reason) {
        rejects(authenticator, claims, reason);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    @Test
    void m22TokenExpiresToTheSecond() {
        String claims = "{\"exp\":" + (now() + 10) + "}";
        clock.advance(Duration.ofMillis(9_999));
        assertThat(accepts(claims).expiry()).contains(Instant.parse("2026-03-01T12:00:10Z"));

        clock.advance(Duration.ofMillis(1));

        rejects(claims, "The token expired at 2026-03-01T12:00:10Z. Get a new one.");
    }

    @Test
    void m22NotBeforeHasLeewayOfFiveSeconds() {
        long leeway = Claims.LEEWAY.toSeconds();

        accepts("{\"nbf\":" + (now() + leeway) + "}");
        rejects("{\"nbf\":" + (now() + leeway + 1) + "}", "The token is not valid before 2026-03-01T12:00:06Z.");
    }

    @ParameterizedTest
    @CsvSource({
        "exp, 32503679999.9, valid",
        "exp, 4000000000.5, valid",
        "nbf, 0, valid",
        "nbf, 1e-999999999, valid",
        "iat, 32503679999, valid",
        "exp, 0, expired at 1970",
        "exp, 1e-999999999, expired at 1970",
        "nbf, 32503679999, is not valid before 2999",
        "exp, 32503680000, looks like milliseconds",
        "exp, 1798761600000, looks like milliseconds",
        "nbf, 1772366400000, looks like milliseconds",
        "iat, 1772366400000, looks like milliseconds",
        "exp, 1e300, beyond the year 3000",
        "exp, 99999999999999999999999999, beyond the year 3000",
        "exp, 1e999999999, beyond the year 3000",
        "nbf, 1e300, beyond the year 3000",
        "exp, -1, is negative",
        "exp, -1e300, is negative",
        "nbf, -1e300, is negative",
        "iat, -0.5, is negative",
    })
    void m22TimeIsANumberOfSecondsUntilTheYear3000(String name, String value, String expected) {
        String claims = "{\"" + name + "\":" + value + "}";

        if (expected.equals("valid")) {
            assertThat(accepts(claims).expiry().isPresent()).isEqualTo(name.equals("exp"));
        } else {
            rejects(claims, expected);
        }
    }

    @Test
    void tokenThatExpiresLaterThanTheLongestLifetimeIsRejected() {
        Authenticator strict = authenticator(clock, KEY, "herald.auth.max-lifetime=1h");
        long latest = now() + 3_600 + Claims.LEEWAY.toSeconds();

        assertThat(accepts(strict, "{\"exp\":" + latest + "}").expiry()).contains(Instant.ofEpochSecond(latest));
        rejects(
                strict,
                "{\"exp\":" + (latest + 1) + "}",
                "The token expires too late, at 2026-03-01T13:00:06Z ('exp'): get one that expires within 3600 s");
        rejects(strict, "{}", "The token has no expiry ('exp'): get one that expires within 3600 s");
        clock.advance(Duration.ofSeconds(1));
        accepts(strict, "{\"exp\":" + (latest + 1) + "}");
        accepts("{\"exp\":32503679999}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"4000000000\"", "null", "true", "[]", "{}"})
    void timeThatIsNotNumberIsRejected(String value) {
        rejects("{\"exp\":" + value + "}", "The token's 'exp' is not a number");
        rejects("{\"nbf\":" + value + "}", "The token's 'nbf' is not a number");
        rejects("{\"iat\":" + value + "}", "The token's 'iat' is not a number");
    }

    @Test
    void tokenOfUnconfiguredIssuerIsRejected() {
        Authenticator strict = authenticator(clock, KEY, "herald.auth.issuer=https://issuer.example");

        accepts(strict, "{\"iss\":\"https://issuer.example\"}");
        for (String claims : List.of(
                "{}",
                "{\"iss\":null}",
                "{\"iss\":\"https://issuer.example/\"}",
                "{\"iss\":\"HTTPS://issuer.example\"}",
                "{\"iss\":[\"https://issuer.example\"]}")) {
            rejects(strict, claims, "issuer is not the configured one");
        }
        accepts("{\"iss\":\"any\"}");
    }

    @Test
    void tokenForOtherAudienceIsRejected() {
        Authenticator strict = authenticator(clock, KEY, "herald.auth.audience=hub");

        accepts(strict, "{\"aud\":\"hub\"}");
        accepts(strict, "{\"aud\":[\"shop\",\"hub\"]}");
        for (String claims : List.of(
                "{}",
                "{\"aud\":null}",
                "{\"aud\":\"hubs\"}",
                "{\"aud\":[]}",
                "{\"aud\":[\"shop\",7,[\"hub\"]]}",
                "{\"aud\":{\"hub\":\"hub\"}}")) {
            rejects(strict, claims, "audience does not include this hub");
        }
        accepts("{\"aud\":\"any\"}");
    }

    @Test
    void m23ClaimWithUrlNameIsAccepted() {
        Grants grants = accepts("{\"https://mercure.rocks/\":{\"subscribe\":[\"a\"],\"payload\":\"me\"}}");

        assertThat(grants.subscribe()).containsExactly(TopicSelector.parse("a"));
        assertThat(grants.payload()).contains("\"me\"");
    }

    @Test
    void m23UrlNameTakesPrecedence() {
        Grants grants =
                accepts("{\"mercure\":{\"subscribe\":[\"*\"]},\"https://mercure.rocks/\":{\"subscribe\":[\"a\"]}}");

        assertThat(grants.subscribe()).containsExactly(TopicSelector.parse("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"*\"", "7", "true", "[\"*\"]"})
    void m23MercureClaimThatIsNotObjectIsRejected(String value) {
        rejects("{\"mercure\":" + value + "}", "claim 'mercure' is not an object");
        rejects("{\"https://mercure.rocks/\":" + value + "}", "claim 'mercure' is not an object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"*\"", "{}", "7", "true", "[7]", "[\"a\",null]", "[[\"a\"]]", "[{}]"})
    void m23SelectorsThatAreNotArrayOfStringsAreRejected(String value) {
        rejects("{\"mercure\":{\"subscribe\":" + value + "}}", "'mercure.subscribe' is not an array of strings");
        rejects("{\"mercure\":{\"publish\":" + value + "}}", "'mercure.publish' is not an array of strings");
    }

    @Test
    void m23NullClaimEqualsAbsentClaim() {
        Grants grants = accepts("{\"mercure\":{\"publish\":null,\"subscribe\":null,\"payload\":null}}");

        assertThat(grants.subscribe()).isEmpty();
        assertThat(grants.mayPublish(List.of(new Topic("a"))).complete()).isFalse();
        assertThat(grants.payload()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":[1.50,1E+400,123456789012345678901234567890,null,true],\"a\":{\"\":\"é\\\"\\u0001\"}}",
                "[]",
                "false",
                "0",
            })
    void m23PayloadIsAnyJsonAndKeptUnchanged(String json) {
        assertThat(accepts("{\"mercure\":{\"payload\":" + json + "}}").payload())
                .contains(json);
    }

    @Test
    void m6ThousandSelectorsAreAccepted() {
        List<String> selectors = Collections.nCopies(1_000, "\"a\"");

        assertThat(accepts("{\"mercure\":{\"publish\":" + selectors + ",\"subscribe\":" + selectors + "}}")
                        .subscribe())
                .hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "subscribe"})
    void m6MoreThanThousandSelectorsAreRejected(String name) {
        rejects(
                "{\"mercure\":{\"" + name + "\":" + Collections.nCopies(1_001, "\"a\"") + "}}",
                "'mercure." + name + "' has too many topic selectors: at most 1000 are allowed.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "subscribe"})
    void m6SelectorLongerThanTopicIsRejected(String name) {
        accepts("{\"mercure\":{\"" + name + "\":[\"" + "é".repeat(2_048) + "\"]}}");
        rejects(
                "{\"mercure\":{\"" + name + "\":[\"" + "é".repeat(2_048) + "x\"]}}",
                "'mercure." + name + "' has a topic selector that is too long: at most 4096 bytes are allowed.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\\nb", "\\u0000", "\\ud800", "\\u202e"})
    void selectorThatCannotMatchGrantsNothing(String selector) {
        Grants grants = accepts("{\"mercure\":{\"subscribe\":[\"" + selector + "\",\"a\"]}}");

        assertThat(grants.subscribe()).containsExactly(TopicSelector.parse("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "null", "7", "\"{}\"", "{}{}", "{", "{\"a\":}", "{'a':1}", "{\"a\":1,}", "{\"a\":NaN}"
            })
    void claimsThatAreNotObjectAreRejected(String claims) {
        rejects(claims, "claims are not a JSON object");
    }
}
