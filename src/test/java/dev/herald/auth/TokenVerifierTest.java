package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.MovingClock;
import dev.herald.Rounds;
import dev.herald.identity.TokenIdentity;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;

/** Verification of tokens on the calling thread or by workers, and the cache of valid ones. */
class TokenVerifierTest {
    private static final KeyPair FIRST = KeyPairs.another("first");
    private static final KeyPair SECOND = KeyPairs.another("second");
    private static final Key SECRET =
            new SecretKeySpec(TokenMint.WELL_KNOWN_SECRET.getBytes(StandardCharsets.US_ASCII), "HMAC");

    private final MovingClock clock = new MovingClock();
    private final Claims claims = new Claims(Optional.empty(), Optional.empty(), Optional.empty(), clock);
    private final ChangingKeys keys = new ChangingKeys();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final TokenVerifier verifier =
            new TokenVerifier(EnumSet.of(Algorithm.ES256), keys, claims, work::add, MemoryBudget.unlimited());

    private static final class ChangingKeys implements KeySource {
        private List<Key> keys = List.of(FIRST.getPublic());
        private Supplier<Error> failure;

        @Override
        public void prepare() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
            if (failure != null) {
                throw failure.get();
            }
            return CompletableFuture.completedStage(keys);
        }
    }

    private String token(String claims) {
        return TokenMint.of("ES256", FIRST.getPrivate()).token(claims);
    }

    private void verifyAndCache(String token) {
        CompletionStage<Grants> answer = verifier.verify(token);
        work.remove().run();
        granted(answer);
    }

    private static boolean done(CompletionStage<Grants> answer) {
        return answer.toCompletableFuture().isDone();
    }

    @Test
    void hmacIsVerifiedAtOnce() {
        TokenVerifier hmac = new TokenVerifier(
                EnumSet.of(Algorithm.HS256), KeyRing.of(SECRET), claims, work::add, MemoryBudget.unlimited());

        assertThat(done(hmac.verify(TokenMint.wellKnown().token("{}")))).isTrue();
        assertThat(done(hmac.verify("bad"))).isTrue();
        assertThat(work).isEmpty();
    }

    @Test
    void publicKeySignatureIsVerifiedByWorkers() {
        CompletionStage<Grants> answer = verifier.verify(token("{\"mercure\":{\"subscribe\":[\"a\"]}}"));

        assertThat(done(answer)).isFalse();
        work.remove().run();
        assertThat(granted(answer).subscribe()).containsExactly(TopicSelector.parse("a"));
    }

    @Test
    void tokenOfOtherAlgorithmIsRejectedWithoutWorkers() {
        assertThat(done(verifier.verify(TokenMint.wellKnown().token("{}")))).isTrue();
        assertThat(work).isEmpty();
    }

    @Test
    void validTokenIsVerifiedOnce() {
        String token = token("{\"mercure\":{\"subscribe\":[\"a\"]}}");
        verifyAndCache(token);

        CompletionStage<Grants> again = verifier.verify(token);

        assertThat(done(again)).isTrue();
        assertThat(granted(again).subscribe()).containsExactly(TopicSelector.parse("a"));
        assertThat(work).isEmpty();
    }

    @Test
    void invalidTokenIsNotCached() {
        String token = TokenMint.of("ES256", SECOND.getPrivate()).token("{}");
        CompletionStage<Grants> first = verifier.verify(token);
        work.remove().run();
        assertThat(rejection(first)).isInstanceOf(InvalidTokenException.class);

        keys.keys = List.of(SECOND.getPublic());

        verifyAndCache(token);
    }

    @Test
    void cachedTokenExpires() {
        String token = token("{\"exp\":" + (clock.instant().getEpochSecond() + 60) + "}");
        verifyAndCache(token);

        clock.advance(Duration.ofSeconds(60));

        assertThat(rejection(verifier.verify(token)))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void cachedTokenIsVerifiedAgainAfterKeyChange() {
        String token = token("{}");
        verifyAndCache(token);
        keys.keys = List.of(SECOND.getPublic());

        CompletionStage<Grants> answer = verifier.verify(token);

        assertThat(done(answer)).isFalse();
        work.remove().run();
        assertThat(rejection(answer)).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void cachedTokenStaysValidWhenEqualKeyIsRead() throws Exception {
        String token = token("{}");
        verifyAndCache(token);
        keys.keys = List.of(
                SECOND.getPublic(),
                new PemKeys("test").parse(KeyPairs.pem(FIRST.getPublic())).get(0));

        assertThat(done(verifier.verify(token))).isTrue();
    }

    @Test
    void cacheHasThousandTokensAndNoLongOnes() {
        TokenCache cache = new TokenCache(Long.MAX_VALUE);
        Grants grants = Grants.anonymousSubscriber();
        List<Key> all = List.of(SECRET);
        String longest = "x".repeat(TokenCache.MAX_LENGTH);
        cache.put("first", SECRET, grants);
        cache.put("second", SECRET, grants);
        cache.put(longest, SECRET, grants);
        cache.put(longest + "x", SECRET, grants);
        assertThat(cache.get("first", all)).contains(grants);

        for (int i = 0; i < TokenCache.MAX_TOKENS - 2; i++) {
            cache.put("token " + i, SECRET, grants);
        }

        assertThat(cache.get("first", all)).as("asked for lately").contains(grants);
        assertThat(cache.get("second", all)).as("not asked for").isEmpty();
        assertThat(cache.get(longest, all)).as("the longest").contains(grants);
        assertThat(cache.get(longest + "x", all)).as("too long").isEmpty();
    }

    @Test
    void cacheIsBoundedBySizeOfGrants() {
        List<TopicSelector> templates = IntStream.range(0, 10)
                .mapToObj(i -> TopicSelector.parse(i + "{a}".repeat(100)))
                .toList();
        Grants large = Grants.of(
                TokenIdentity.ANONYMOUS, false, List.of(), templates, Optional.of("p".repeat(1_000)), Optional.empty());
        TokenCache cache = new TokenCache(3 * large.heapBytes() + 1_000);

        for (int i = 0; i < 10; i++) {
            cache.put("token " + i, SECRET, large);
            cache.put("token " + i, SECRET, large);
        }

        List<Key> all = List.of(SECRET);
        assertThat(IntStream.range(0, 10)
                        .filter(i -> cache.get("token " + i, all).isPresent())
                        .boxed())
                .containsExactly(7, 8, 9);
    }

    @ParameterizedTest
    @MethodSource("dev.herald.hub.ErrorsTest#errors")
    void invariant8TokenWhoseKeyCannotBeFoundReleasesItsMemory(Supplier<Error> error) {
        MemoryBudget budget = new MemoryBudget(1 << 20);
        keys.failure = error;
        TokenVerifier failing = new TokenVerifier(EnumSet.of(Algorithm.ES256), keys, claims, work::add, budget);

        CompletionStage<Grants> answer = failing.verify(token("{}"));

        assertThat(rejection(answer)).isInstanceOf(Error.class);
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void waitingTokensStayWithinBudgetAndReleaseIt() {
        MemoryBudget budget = new MemoryBudget(1 << 20);
        TokenVerifier waiting = new TokenVerifier(EnumSet.of(Algorithm.ES256), keys, claims, work::add, budget);
        String long40 = token("{\"padding\":\"" + "x".repeat(40_000) + "\"}");

        List<CompletionStage<Grants>> answers =
                Stream.generate(() -> waiting.verify(long40)).limit(20).toList();

        assertThat(budget.reserved()).isBetween(500_000L, budget.limit());
        assertThat(answers.stream()
                        .filter(answer -> answer.toCompletableFuture().isDone()))
                .isNotEmpty()
                .allSatisfy(
                        answer -> assertThat(rejection(answer)).isInstanceOf(VerificationUnavailableException.class));
        while (!work.isEmpty()) {
            work.remove().run();
        }
        assertThat(budget.reserved()).isZero();
        assertThat(answers.get(0).toCompletableFuture()).isCompleted();
    }

    @Test
    void tokenIsRejectedForNowWhenWorkersAreBusy() {
        TokenVerifier busy = new TokenVerifier(
                EnumSet.of(Algorithm.ES256),
                keys,
                claims,
                work -> {
                    throw new RejectedExecutionException();
                },
                MemoryBudget.unlimited());

        assertThat(rejection(busy.verify(token("{}"))))
                .isInstanceOf(VerificationUnavailableException.class)
                .hasMessageContaining("Retry");
    }

    @Test
    void randomTextIsAcceptedOrRejectedAsInvalid() {
        long seed = System.nanoTime();
        System.out.println("TokenVerifierTest seed=" + seed);
        Random random = new Random(seed);
        TokenVerifier hmac = new TokenVerifier(
                EnumSet.of(Algorithm.HS256), KeyRing.of(SECRET), claims, Runnable::run, MemoryBudget.unlimited());
        TokenVerifier ec =
                new TokenVerifier(EnumSet.of(Algorithm.ES256), keys, claims, Runnable::run, MemoryBudget.unlimited());

        int accepted = 0;
        int rejected = 0;

        for (int i = 0; i < Rounds.of(5_000, 200_000); i++) {
            String text = RandomTokens.next(random);
            for (TokenVerifier one : List.of(hmac, ec)) {
                CompletableFuture<Grants> answer = one.verify(text).toCompletableFuture();
                assertThat(answer).as("seed=%d text=%s", seed, text).isDone();
                Throwable failure = answer.handle((grants, reason) -> reason).join();
                if (failure == null) {
                    accepted++;
                } else {
                    assertThat(failure).as("seed=%d text=%s", seed, text).isInstanceOf(InvalidTokenException.class);
                    rejected++;
                }
            }
        }

        assertThat(accepted).as("accepted, seed=%d", seed).isPositive();
        assertThat(rejected).as("rejected, seed=%d", seed).isPositive();
    }
}
