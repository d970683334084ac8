package dev.herald.auth;

import java.security.KeyPair;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.MovingClock;
import dev.herald.log.CapturedErrors;
import dev.herald.stats.TokenRejection;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;

/** Rejected tokens are counted by reason, and leave one line for each reason. */
class TokenRejectionLogTest {
    private static final KeyPair EC = KeyPairs.of("ES256");
    private static final String JWKS = KeyPairs.jwks(KeyPairs.jwk(EC.getPublic(), "\"kid\":\"a\""));

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(TokenRejectionLog.class.getName(), Level.INFO);

    private final Authenticator authenticator = authenticator(
            new MovingClock(),
            "herald.auth.publisher.key=" + JWKS,
            "herald.auth.issuer=me",
            "herald.auth.audience=hub",
            "herald.auth.max-lifetime=1h");

    private static long rejected(Authenticator authenticator, TokenRejection reason) {
        return authenticator.publisherStats().rejected(reason)
                + authenticator.subscriberStats().rejected(reason);
    }

    private static String token(String claims) {
        return TokenMint.of("ES256", EC.getPrivate()).token("{\"iss\":\"me\",\"aud\":\"hub\"," + claims + "}");
    }

    private static Map<TokenRejection, String> badTokens(long now) {
        TokenMint mint = TokenMint.of("ES256", EC.getPrivate());
        Map<TokenRejection, String> tokens = new EnumMap<>(TokenRejection.class);
        tokens.put(TokenRejection.MALFORMED, "bad");
        tokens.put(TokenRejection.ALGORITHM, TokenMint.wellKnown().token("{}"));
        tokens.put(
                TokenRejection.UNKNOWN_KEY,
                mint.withHeader("{\"alg\":\"ES256\",\"kid\":\"b\"}").token("{}"));
        tokens.put(
                TokenRejection.SIGNATURE,
                TokenMint.of("ES256", KeyPairs.another("attacker").getPrivate()).token("{}"));
        tokens.put(TokenRejection.EXPIRED, token("\"exp\":" + now));
        tokens.put(TokenRejection.NOT_YET_VALID, token("\"exp\":" + (now + 60) + ",\"nbf\":" + (now + 30)));
        tokens.put(TokenRejection.INVALID_TIME, token("\"exp\":" + now + "000"));
        tokens.put(TokenRejection.LIFETIME, token("\"exp\":" + (now + 7_200)));
        tokens.put(TokenRejection.ISSUER, mint.token("{\"exp\":" + (now + 60) + "}"));
        tokens.put(TokenRejection.AUDIENCE, mint.token("{\"iss\":\"me\",\"exp\":" + (now + 60) + "}"));
        tokens.put(TokenRejection.GRANTS, token("\"exp\":" + (now + 60) + ",\"mercure\":7"));
        return tokens;
    }

    @Test
    void eachReasonIsCountedAndLogged() {
        Map<TokenRejection, String> tokens =
                badTokens(new MovingClock().instant().getEpochSecond());

        tokens.values().forEach(token -> {
            assertThat(rejection(authenticator.publisher(Optional.of(token))))
                    .isInstanceOf(InvalidTokenException.class);
        });
        assertThat(rejection(authenticator.subscriber(Optional.of("any")))).hasMessageContaining("no key for tokens");

        for (TokenRejection reason : TokenRejection.values()) {
            long expected = tokens.containsKey(reason) || reason == TokenRejection.NO_KEY ? 1 : 0;
            assertThat(rejected(authenticator, reason)).as("%s", reason).isEqualTo(expected);
        }
        assertThat(logged.lines())
                .hasSize(tokens.size() + 1)
                .contains("Tokens were rejected. reason=not-yet-valid count=1")
                .allMatch(line -> line.matches("Tokens were rejected\\. reason=[a-z-]+ count=1"));
    }

    @Test
    void floodOfBadTokensIsOneLine() {
        IntStream.range(0, 1_000).forEach(i -> rejection(authenticator.publisher(Optional.of("bad"))));

        assertThat(rejected(authenticator, TokenRejection.MALFORMED)).isEqualTo(1_000);
        assertThat(logged.lines()).containsExactly("Tokens were rejected. reason=malformed count=1");
    }

    @Test
    void tokenThatCannotBeVerifiedAtTheMomentIsCounted() {
        // Its workers accept nothing any longer, as when their queue is full.
        authenticator.close();

        assertThat(rejection(authenticator.publisher(Optional.of(token("\"exp\":1")))))
                .isInstanceOf(VerificationUnavailableException.class);

        assertThat(rejected(authenticator, TokenRejection.UNAVAILABLE)).isEqualTo(1);
        logged.expect("Tokens were rejected. reason=unavailable");
    }

    @Test
    void validAndMissingTokensAndTheWarmUpAreNotCounted() {
        Authenticator hmac =
                authenticator(new MovingClock(), "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET);
        hmac.prepare();
        CompletionStage<Grants> missing = hmac.publisher(Optional.empty());

        granted(hmac.publisher(Optional.of(TokenMint.wellKnown().token("{}"))));

        assertThat(rejection(missing)).isInstanceOf(MissingTokenException.class);
        assertThat(EnumSet.complementOf(EnumSet.of(TokenRejection.MISSING)))
                .allSatisfy(reason -> assertThat(rejected(hmac, reason)).isZero());
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void tokensOfTheSelfCheckAreNotCounted() {
        authenticator.issueSelfCheckToken();
        rejection(authenticator.publisher(Optional.of("none")));
        authenticator.revokeSelfCheckToken();
        rejection(authenticator.publisher(Optional.of("none")));

        assertThat(rejected(authenticator, TokenRejection.MALFORMED)).isEqualTo(1);
        assertThat(logged.lines()).containsExactly("Tokens were rejected. reason=malformed count=1");
    }
}
