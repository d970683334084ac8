package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

import org.jose4j.jca.ProviderContext;
import org.jose4j.jws.JsonWebSignatureAlgorithm;
import org.jose4j.lang.JoseException;

import dev.herald.memory.MemoryBudget;
import dev.herald.stats.KeyStats;
import dev.herald.stats.TokenRejection;

/**
 * Verifier of the tokens of publishers or of subscribers (RFC 7515 §5.2). A token chooses among the configured
 * algorithms only (RFC 8725 §3.1). Thread-safe.
 *
 * <p>An HMAC takes microseconds and is verified on the calling thread. Signatures by public keys take up to
 * milliseconds (decision 041): workers verify them, and valid tokens are cached.
 */
final class TokenVerifier {
    /** Size for ES256 and Ed25519; the other algorithms reject it by its length. */
    private static final int SIGNATURE_BYTES = 64;

    private static final ProviderContext PROVIDERS = new ProviderContext();

    /** The cache may take this fraction of the budget's limit: one part in four. */
    private static final int CACHE_SHARE = 4;

    /** Approximate size of a waiting token, in bytes for each character: as text, decoded, and as signed bytes. */
    private static final long BYTES_A_CHARACTER = 4;

    private static final long WAITING_BYTES = 1_000;

    private final Map<Algorithm, JsonWebSignatureAlgorithm> algorithms = new EnumMap<>(Algorithm.class);
    private final KeySource keys;
    private final Claims claims;
    private final Executor workers;
    private final TokenCache verified;
    private final MemoryBudget budget;

    /**
     * @param algorithms accepted ones; one or more
     * @param workers for signatures by public keys; reject work when their queue is full
     * @param budget heap for tokens that wait; the cache takes a fraction of its limit in addition
     */
    TokenVerifier(Set<Algorithm> algorithms, KeySource keys, Claims claims, Executor workers, MemoryBudget budget) {
        algorithms.forEach(algorithm -> this.algorithms.put(algorithm, algorithm.implementation()));
        this.keys = keys;
        this.claims = claims;
        this.workers = workers;
        this.budget = budget;
        this.verified = new TokenCache(budget.limit() / CACHE_SHARE);
    }

    /** Names of the accepted algorithms, for messages and logs. */
    String algorithms() {
        return algorithms.keySet().stream().map(Algorithm::name).collect(Collectors.joining(","));
    }

    /**
     * Starts to fetch the keys, and verifies an invalid token of each algorithm, so that the first real token loads no
     * classes. Returns at once.
     */
    void prepare() {
        keys.prepare();
        algorithms.keySet().forEach(algorithm -> verify(unsigned(algorithm)));
    }

    /** Fetches of its keys. */
    KeyStats keyStats() {
        return keys.stats();
    }

    /** Its cache of verified tokens. */
    TokenCache cache() {
        return verified;
    }

    private static String unsigned(Algorithm algorithm) {
        Base64.Encoder base64url = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"" + algorithm + "\"}";
        return base64url.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + ".e30."
                + base64url.encodeToString(new byte[SIGNATURE_BYTES]);
    }

    /** Reads key files again that were changed; see {@link KeySource#reread()}. */
    void rereadKeys() {
        keys.reread();
    }

    /**
     * Verifies a token and returns its grants.
     *
     * @return complete on return for an HMAC, for a cached token, and for most invalid ones; otherwise it completes on
     *     another thread. Fails with {@link InvalidTokenException} or {@link VerificationUnavailableException}, else with
     *     an {@code Error}; never throws one
     */
    CompletionStage<Grants> verify(String text) {
        CompletableFuture<Grants> grants = new CompletableFuture<>();
        try {
            CompactToken token = CompactToken.parse(text);
            checkAlgorithm(token.algorithm());
            await(text, token, grants);
        } catch (RuntimeException | Error e) {
            grants.completeExceptionally(e);
        }
        return grants;
    }

    /** Reserves the memory of a token until it is verified, or fails to wait for that. */
    private void await(String text, CompactToken token, CompletableFuture<Grants> grants) {
        long waitingBytes = reserve(text, token);
        boolean waits = false;
        try {
            keys.find(token.algorithm(), token.keyId())
                    .thenCompose(candidates -> check(text, token, candidates))
                    .whenComplete((granted, failure) -> {
                        budget.release(waitingBytes);
                        complete(grants, granted, failure);
                    });
            waits = true;
        } finally {
            if (!waits) {
                budget.release(waitingBytes);
            }
        }
    }

    /** An HMAC is verified at once; other tokens may wait for a worker or for the issuer's keys. */
    private long reserve(String text, CompactToken token) {
        long bytes = token.algorithm().symmetric() ? 0 : WAITING_BYTES + BYTES_A_CHARACTER * text.length();
        if (!budget.tryReserve(bytes)) {
            throw new VerificationUnavailableException(
                    "Too many tokens are waiting to be verified. Retry in a moment.");
        }
        return bytes;
    }

    /** Unwraps the {@link CompletionException} with which a stage after a failed one fails. */
    private static void complete(CompletableFuture<Grants> grants, Grants granted, Throwable failure) {
        if (failure == null) {
            grants.complete(granted);
        } else {
            grants.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    private void checkAlgorithm(Algorithm algorithm) {
        if (!algorithms.containsKey(algorithm)) {
            throw new InvalidTokenException(
                    TokenRejection.ALGORITHM,
                    "The token is signed with " + algorithm + ". Accepted algorithms: " + algorithms() + ".");
        }
    }

    /** Called within a stage, which fails with what this throws. */
    private CompletionStage<Grants> check(String text, CompactToken token, List<Key> candidates) {
        if (token.algorithm().symmetric()) {
            signer(token, candidates);
            return CompletableFuture.completedStage(claims.read(token.claims()));
        }
        Optional<Grants> cached = verified.get(text, candidates);
        if (cached.isPresent()) {
            claims.checkExpiry(cached.get().expiry());
            return CompletableFuture.completedStage(cached.get());
        }
        try {
            return CompletableFuture.supplyAsync(() -> checkAndCache(text, token, candidates), workers);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The latter if no thread can be created.
            throw new VerificationUnavailableException(
                    "The hub cannot verify more tokens at the moment. Retry in a moment.");
        }
    }

    private Grants checkAndCache(String text, CompactToken token, List<Key> candidates) {
        Key signer = signer(token, candidates);
        Grants granted = claims.read(token.claims());
        verified.put(text, signer, granted);
        return granted;
    }

    private Key signer(CompactToken token, List<Key> candidates) {
        return candidates.stream()
                .filter(key -> signed(token, key))
                .findFirst()
                .orElseThrow(() -> new InvalidTokenException(
                        TokenRejection.SIGNATURE,
                        "The token's signature does not match: another key signed it, or it was changed."));
    }

    private boolean signed(CompactToken token, Key key) {
        try {
            return algorithms.get(token.algorithm()).verifySignature(token.signature(), key, token.signed(), PROVIDERS);
        } catch (JoseException | RuntimeException e) {
            // The library does not declare all that it throws at malformed signatures.
            return false;
        }
    }
}
