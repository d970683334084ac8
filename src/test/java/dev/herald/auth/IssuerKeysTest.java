package dev.herald.auth;

import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.MovingClock;
import dev.herald.UtcClock;
import dev.herald.auth.IssuerServer.Answer;
import dev.herald.identity.Revocations;
import dev.herald.log.CapturedErrors;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.config;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static dev.herald.auth.KeyPairs.jwk;
import static dev.herald.auth.KeyPairs.jwks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Keys that are fetched from an issuer over HTTP: fresh, stale, unknown, and failures of the issuer (PROTOCOL M21). */
class IssuerKeysTest {
    private static final KeyPair OLD = KeyPairs.another("old");
    private static final KeyPair NEW = KeyPairs.another("new");
    private static final String OLD_JWK = jwk(OLD.getPublic(), "\"kid\":\"old\"");
    private static final String NEW_JWK = jwk(NEW.getPublic(), "\"kid\":\"new\"");
    private static final String BY_OLD = signed(OLD, "\"kid\":\"old\"");
    private static final String BY_NEW = signed(NEW, "\"kid\":\"new\"");
    private static final String NOT_FETCHED = "The issuer's keys cannot be fetched. Known keys stay in use.";
    private static final String NO_KEY = "The issuer publishes no key for an accepted algorithm.";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.auth");

    private final MovingClock clock = new MovingClock();
    private final IssuerServer issuer = new IssuerServer(Answer.json(jwks(OLD_JWK)));
    private final Authenticator authenticator = authenticator(clock, "herald.auth.subscriber.jwks-url=" + issuer.url());

    @AfterEach
    void close() {
        issuer.close();
        authenticator.close();
    }

    private static String signed(KeyPair pair, String member) {
        return TokenMint.of("ES256", pair.getPrivate())
                .withHeader("{\"alg\":\"ES256\"" + (member.isEmpty() ? "" : "," + member) + "}")
                .token("{}");
    }

    private CompletionStage<Grants> subscribe(String token) {
        return authenticator.subscriber(Optional.of(token));
    }

    private void accepts(String token) {
        assertThat(granted(subscribe(token)).anonymous()).isFalse();
    }

    private void rejects(String token, String reason) {
        assertThat(rejection(subscribe(token)))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    private void unavailable(String token) {
        assertThat(rejection(subscribe(token))).isInstanceOf(VerificationUnavailableException.class);
    }

    @Test
    void keysAreFetchedOnceForManyTokens() {
        accepts(BY_OLD);
        accepts(BY_OLD);
        accepts(signed(OLD, ""));

        assertThat(issuer.asked()).isEqualTo(1);
    }

    @Test
    void keysAreFetchedAtStart() {
        authenticator.prepare();

        eventually().untilAsserted(() -> assertThat(issuer.asked()).isEqualTo(1));
        accepts(BY_OLD);
        assertThat(issuer.asked()).isEqualTo(1);
    }

    @Test
    void unknownKeyIsFetched() {
        accepts(BY_OLD);
        issuer.answer(Answer.json(jwks(OLD_JWK, NEW_JWK)));
        clock.advance(IssuerKeys.PAUSE);

        accepts(BY_NEW);

        assertThat(issuer.asked()).isEqualTo(2);
    }

    @Test
    void tokensWithUnknownKeyIdsDoNotFloodIssuer() {
        accepts(BY_OLD);

        for (int i = 0; i < 500; i++) {
            rejects(signed(NEW, "\"kid\":\"made up " + i + "\""), "does not publish the key");
        }
        assertThat(issuer.asked()).as("at once after the first fetch").isEqualTo(1);

        clock.advance(IssuerKeys.PAUSE);
        for (int i = 0; i < 500; i++) {
            rejects(signed(NEW, "\"kid\":\"made up " + i + "\""), "does not publish the key");
        }
        assertThat(issuer.asked()).as("after the pause").isEqualTo(2);
    }

    @Test
    void concurrentTokensShareOneFetch() {
        CountDownLatch latch = new CountDownLatch(1);
        issuer.answer(Answer.after(latch, Answer.json(jwks(OLD_JWK))));
        List<CompletionStage<Grants>> waiting = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            waiting.add(subscribe(BY_OLD));
        }
        assertThat(waiting).noneMatch(answer -> answer.toCompletableFuture().isDone());
        latch.countDown();

        waiting.forEach(answer -> assertThat(granted(answer).anonymous()).isFalse());
        assertThat(issuer.asked()).isEqualTo(1);
    }

    @Test
    void tokensThatWaitForKeysAreBoundedByMemoryBudget() {
        MemoryBudget budget = new MemoryBudget(100_000);
        Authenticator bounded = Authenticator.of(
                config("herald.auth.subscriber.jwks-url=" + issuer.url()), budget, clock, Revocations.none());
        CountDownLatch latch = new CountDownLatch(1);
        issuer.answer(Answer.after(latch, Answer.json(jwks(OLD_JWK))));
        List<CompletionStage<Grants>> waiting = new ArrayList<>();
        while (waiting.isEmpty()
                || !waiting.get(waiting.size() - 1).toCompletableFuture().isDone()) {
            waiting.add(bounded.subscriber(Optional.of(BY_OLD)));
        }

        CompletionStage<Grants> rejected = waiting.remove(waiting.size() - 1);

        assertThat(rejection(rejected))
                .isInstanceOf(VerificationUnavailableException.class)
                .hasMessageContaining("Too many tokens");
        assertThat(waiting.size()).isGreaterThan(10);
        latch.countDown();
        waiting.forEach(answer -> assertThat(granted(answer).anonymous()).isFalse());
        assertThat(budget.reserved()).isZero();
        assertThat(issuer.asked()).isEqualTo(1);
        bounded.close();
    }

    @Test
    void knownKeysAreUsedDuringRefresh() {
        accepts(BY_OLD);
        CountDownLatch latch = new CountDownLatch(1);
        issuer.answer(Answer.after(latch, Answer.json(jwks(NEW_JWK))));
        clock.advance(IssuerKeys.FRESH);

        accepts(BY_OLD);

        latch.countDown();
        eventually().untilAsserted(() -> accepts(BY_NEW));
        rejects(BY_OLD, "does not publish the key");
        assertThat(issuer.asked()).isEqualTo(2);
    }

    @Test
    void withdrawnKeyIsRejectedAfterPeriodWithoutTokens() {
        accepts(BY_OLD);
        issuer.answer(Answer.json(jwks(NEW_JWK)));
        clock.advance(IssuerKeys.OLD);

        rejects(BY_OLD, "does not publish the key");
    }

    @Test
    void emptyKeySetWithdrawsAllKeys() {
        logged.expect(NO_KEY);
        accepts(BY_OLD);
        issuer.answer(Answer.json(jwks()));
        clock.advance(IssuerKeys.OLD);

        rejects(BY_OLD, "does not publish the key");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 302, 404, 500, 503})
    void knownKeysAreUsedWhileIssuerFails(int status) {
        logged.expect(NOT_FETCHED);
        accepts(BY_OLD);
        issuer.answer(status == 204 ? exchange -> exchange.sendResponseHeaders(204, -1) : redirecting(status));
        clock.advance(IssuerKeys.OLD);

        accepts(BY_OLD);
        clock.advance(Duration.ofDays(7));
        accepts(BY_OLD);
        unavailable(BY_NEW);
    }

    private Answer redirecting(int status) {
        return exchange -> {
            exchange.getResponseHeaders().add("Location", issuer.url());
            Answer.status(status, jwks(OLD_JWK, NEW_JWK)).write(exchange);
        };
    }

    @Test
    void knownKeysAreUsedWhileIssuerIsDown() {
        logged.expect(NOT_FETCHED);
        accepts(BY_OLD);
        issuer.close();
        clock.advance(IssuerKeys.OLD);

        accepts(BY_OLD);
        unavailable(BY_NEW);
    }

    @Test
    void issuerIsAskedAgainAfterPauseFollowingFailure() {
        logged.expect(NOT_FETCHED);
        issuer.answer(Answer.status(503, ""));

        unavailable(BY_OLD);
        unavailable(BY_OLD);
        assertThat(issuer.asked()).isEqualTo(1);

        issuer.answer(Answer.json(jwks(OLD_JWK)));
        clock.advance(IssuerKeys.PAUSE);
        accepts(BY_OLD);
    }

    @Test
    void repeatedFailureIsLoggedOnce() {
        accepts(BY_OLD);
        issuer.answer(Answer.status(503, ""));

        for (int i = 0; i < 3; i++) {
            clock.advance(IssuerKeys.PAUSE);
            unavailable(BY_NEW);
        }

        assertThat(issuer.asked()).isEqualTo(4);
        assertThat(logged.lines()).singleElement().asString().startsWith(NOT_FETCHED);
    }

    @Test
    void fetchIsNotDelayedWhenClockIsSetBack() {
        logged.expect(NOT_FETCHED);
        issuer.answer(Answer.status(503, ""));
        unavailable(BY_OLD);
        issuer.answer(Answer.json(jwks(OLD_JWK)));

        clock.advance(Duration.ofDays(-1));

        accepts(BY_OLD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":\"a\"}",
                "{\"keys\":[1]}",
                "{\"keys\":[[]]}",
                "{\"keys\":[],\"keys\":[]}",
                "<html>Sign in</html>",
            })
    void malformedKeySetLeavesKnownKeysInUse(String garbage) {
        logged.expect(NOT_FETCHED);
        accepts(BY_OLD);
        issuer.answer(Answer.json(garbage));
        clock.advance(IssuerKeys.FRESH);

        accepts(BY_OLD);
        eventually().untilAsserted(() -> assertThat(issuer.asked()).isEqualTo(2));
        clock.advance(IssuerKeys.OLD);
        accepts(BY_OLD);
    }

    @Test
    void malformedKeysAreIgnored() {
        issuer.answer(Answer.json(jwks(
                "{}",
                "{\"kty\":\"XYZ\",\"kid\":\"old\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"off the curve\"}",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"tiny\"}",
                "{\"kty\":7,\"kid\":{}}",
                "null",
                OLD_JWK)));

        accepts(BY_OLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"use\":\"enc\"", "\"key_ops\":[\"encrypt\"]", "\"alg\":\"RS256\"", "\"alg\":\"ES384\""})
    void keyForOtherPurposeIsIgnored(String member) {
        logged.expect(NO_KEY);
        issuer.answer(Answer.json(jwks(jwk(OLD.getPublic(), "\"kid\":\"old\"", member))));

        rejects(BY_OLD, "does not publish the key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"use\":\"sig\"", "\"key_ops\":[\"sign\",\"verify\"]", "\"alg\":\"ES256\""})
    void keyForSignaturesIsUsed(String member) {
        issuer.answer(Answer.json(jwks(jwk(OLD.getPublic(), "\"kid\":\"old\"", member))));

        accepts(BY_OLD);
    }

    @Test
    void publishedSecretIsIgnored() {
        byte[] secret = new byte[32];
        issuer.answer(
                Answer.json(jwks("{\"kty\":\"oct\",\"kid\":\"old\",\"k\":\"" + TokenMint.base64url(secret) + "\"}")));

        rejects(TokenMint.hmac("HS256", secret).token("{}"), "signed with HS256. Accepted algorithms: ");
    }

    @Test
    void tokenWithoutKeyIdIsRejectedIfIssuerHasSeveralKeys() {
        issuer.answer(Answer.json(jwks(OLD_JWK, NEW_JWK)));

        rejects(signed(OLD, ""), "has several keys");
    }

    @Test
    void tokenWithKeyIdOfOtherKeyIsRejected() {
        issuer.answer(Answer.json(jwks(OLD_JWK, NEW_JWK)));

        rejects(signed(OLD, "\"kid\":\"new\""), "signature does not match");
    }

    @ParameterizedTest
    @CsvSource({"RS256", "ES256", "EdDSA"})
    void defaultAlgorithmsAreAccepted(String algorithm) {
        KeyPair pair = KeyPairs.of(algorithm);
        issuer.answer(Answer.json(jwks(jwk(pair.getPublic()))));

        accepts(TokenMint.of(algorithm, pair.getPrivate()).token("{}"));
    }

    @Test
    void onlyConfiguredAlgorithmsAreAccepted() {
        issuer.answer(Answer.json(jwks(
                jwk(KeyPairs.of("RS256").getPublic()), jwk(KeyPairs.of("ES512").getPublic()))));
        Authenticator strict = authenticator(
                clock,
                "herald.auth.subscriber.jwks-url=" + issuer.url(),
                "herald.auth.subscriber.algorithms=ES512,PS256");
        String byRs256 =
                TokenMint.of("RS256", KeyPairs.of("RS256").getPrivate()).token("{}");

        assertThat(granted(strict.subscriber(Optional.of(
                                TokenMint.of("ES512", KeyPairs.of("ES512").getPrivate())
                                        .token("{}"))))
                        .anonymous())
                .isFalse();
        assertThat(rejection(strict.subscriber(Optional.of(byRs256))))
                .hasMessageContaining("Accepted algorithms: PS256,ES512");
        strict.close();
    }

    @Test
    void oversizedResponseIsAborted() {
        logged.expect(NOT_FETCHED);
        CountDownLatch closed = new CountDownLatch(1);
        issuer.answer(Answer.reporting(closed, Answer.huge()));

        unavailable(BY_OLD);

        awaitClosed(closed);
    }

    @Test
    void endlessResponseTimesOut() {
        CountDownLatch closed = new CountDownLatch(1);
        issuer.answer(Answer.reporting(closed, Answer.endless()));
        JwksClient client = new JwksClient(URI.create(issuer.url()), Duration.ofMillis(300));

        assertThatThrownBy(() -> done(client.fetch())).hasRootCauseInstanceOf(TimeoutException.class);

        awaitClosed(closed);
    }

    private static void awaitClosed(CountDownLatch closed) {
        eventually().untilAsserted(() -> assertThat(closed.getCount()).isZero());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example/keys",
                "http://127.0.0.1.example/keys",
                "http://localhost.example/keys",
                "http://[::2]/keys",
                "http://10.0.0.1/keys",
                "ftp://localhost/keys",
                "file:///etc/passwd",
                "/keys",
                "https:///keys",
                "https://user:secret@issuer.example/keys",
                "not a URL",
            })
    void insecureUrlStopsStart(String url) {
        assertThatThrownBy(() -> authenticator(clock, "herald.auth.publisher.jwks-url=" + url))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageStartingWith(
                        "herald.auth.publisher.jwks-url must be a URL such as https://issuer.example/keys")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://issuer.example/keys?v=1",
                "http://localhost:1/keys",
                "http://issuer.localhost/keys",
                "http://127.1.2.3/keys",
                "http://[::1]:8080/keys",
                "HTTP://LOCALHOST/",
            })
    void secureUrlIsAccepted(String url) {
        assertThat(authenticator(clock, "herald.auth.publisher.jwks-url=" + url).publishing())
                .isEqualTo("RS256,ES256,EdDSA");
    }

    @Test
    void m21HmacWithIssuerKeysStopsStart() {
        assertThatThrownBy(() -> authenticator(
                        clock,
                        "herald.auth.publisher.jwks-url=https://issuer.example/keys",
                        "herald.auth.publisher.algorithms=RS256,HS256"))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("must not contain HS256, HS384 or HS512");
    }

    /** Clock that throws an error once, on the thread that ends the fetch. */
    private static final class FailingOnce extends UtcClock {
        private final Thread test = Thread.currentThread();
        private final AtomicReference<Supplier<Error>> error;

        FailingOnce(Supplier<Error> error) {
            this.error = new AtomicReference<>(error);
        }

        @Override
        public Instant instant() {
            Supplier<Error> failure = Thread.currentThread() == test ? null : error.getAndSet(null);
            if (failure != null) {
                throw failure.get();
            }
            return Instant.now();
        }
    }

    static Stream<Supplier<Error>> errors() {
        return Stream.of(() -> new OutOfMemoryError("Injected."), () -> new StackOverflowError("Injected."));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void invariant8FetchEndsAfterErrorAndNextFetchSucceeds(Supplier<Error> error) {
        FailingOnce failing = new FailingOnce(error);
        Authenticator own = authenticator(failing, "herald.auth.subscriber.jwks-url=" + issuer.url());
        try {
            assertThat(rejection(own.subscriber(Optional.of(BY_OLD))))
                    .isInstanceOf(VerificationUnavailableException.class);

            assertThat(failing.error).hasValue(null);
            assertThat(granted(own.subscriber(Optional.of(BY_OLD))).anonymous()).isFalse();
            assertThat(issuer.asked()).isEqualTo(2);
        } finally {
            own.close();
        }
    }
}
