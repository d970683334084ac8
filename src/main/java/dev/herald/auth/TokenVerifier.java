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

/**
 * Checks the tokens of one side, publishers or subscribers, by its keys (RFC 7515 §5.2). The algorithm is one of those that
 * the configuration names; the token only says which (RFC 8725 §3.1). May be used by all threads.
 *
 * <p>An HMAC takes microseconds and is checked where it is asked for. Signatures by a public key take up to milliseconds
 * (decision 041): they are checked by workers, and the tokens that were good are remembered.
 */
final class TokenVerifier {
    /** Of ES256 and Ed25519; the others refuse it by its length. */
    private static final int SIGNATURE_BYTES = 64;

    private static final ProviderContext PROVIDERS = new ProviderContext();

    /** The cache of one side may take one part in so many of the budget's limit. */
    private static final int CACHE_SHARE = 4;

    /** What a character of a token that waits occupies, about, in bytes: as text, decoded, and as signed bytes. */
    private static final long BYTES_A_CHARACTER = 4;

    private static final long WAITING_BYTES = 1_000;

    private final Map<Algorithm, JsonWebSignatureAlgorithm> algorithms = new EnumMap<>(Algorithm.class);
    private final KeySource keys;
    private final Claims claims;
    private final Executor workers;
    private final TokenCache good;
    private final MemoryBudget budget;

    /**
     * @param algorithms one or more, that are accepted
     * @param workers refuse what is too much
     * @param budget heap for the tokens that wait; the cache takes as much as a part of its limit besides
     */
    TokenVerifier(Set<Algorithm> algorithms, KeySource keys, Claims claims, Executor workers, MemoryBudget budget) {
        algorithms.forEach(algorithm -> this.algorithms.put(algorithm, algorithm.implementation()));
        this.keys = keys;
        this.claims = claims;
        this.workers = workers;
        this.budget = budget;
        this.good = new TokenCache(budget.limit() / CACHE_SHARE);
    }

    /** The names of the accepted algorithms, for people. */
    String algorithms() {
        return algorithms.keySet().stream().map(Algorithm::name).collect(Collectors.joining(","));
    }

    /**
     * Begins to fetch what may have to be fetched, and does not wait for it; and verifies a token of each algorithm, which
     * is refused, so that nothing has to be loaded for the first that comes.
     */
    void prepare() {
        keys.prepare();
        algorithms.keySet().forEach(algorithm -> verify(unsigned(algorithm)));
    }

    private static String unsigned(Algorithm algorithm) {
        Base64.Encoder base64url = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"" + algorithm + "\"}";
        return base64url.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + ".e30."
                + base64url.encodeToString(new byte[SIGNATURE_BYTES]);
    }

    /**
     * What the token grants.
     *
     * @return complete at once for an HMAC, for a token that is remembered, and for most that are bad; else it completes on
     *     another thread. Fails with {@link InvalidTokenException}, or with {@link VerificationUnavailableException} if there
     *     is no telling now, and with nothing else
     */
    CompletionStage<Grants> verify(String text) {
        CompletableFuture<Grants> grants = new CompletableFuture<>();
        try {
            CompactToken token = CompactToken.parse(text);
            checkAlgorithm(token.algorithm());
            long waitingBytes = reserve(text, token);
            keys.find(token.algorithm(), token.keyId())
                    .thenCompose(candidates -> check(text, token, candidates))
                    .whenComplete((granted, failure) -> {
                        budget.release(waitingBytes);
                        complete(grants, granted, failure);
                    });
        } catch (InvalidTokenException | VerificationUnavailableException e) {
            grants.completeExceptionally(e);
        }
        return grants;
    }

    /** An HMAC is verified at once; any other token may have to wait, for a worker or for the issuer's keys. */
    private long reserve(String text, CompactToken token) {
        long bytes = token.algorithm().symmetric() ? 0 : WAITING_BYTES + BYTES_A_CHARACTER * text.length();
        if (!budget.tryReserve(bytes)) {
            throw new VerificationUnavailableException(
                    "Too many tokens wait to be verified: send the request again in a moment.");
        }
        return bytes;
    }

    /** By hand, since a stage that follows a failed one fails with a {@link CompletionException} around the reason. */
    private static void complete(CompletableFuture<Grants> grants, Grants granted, Throwable failure) {
        if (failure == null) {
            grants.complete(granted);
        } else {
            grants.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    private void checkAlgorithm(Algorithm algorithm) {
        if (!algorithms.containsKey(algorithm)) {
            throw new InvalidTokenException("The token is signed with " + algorithm
                    + ", which is not among the algorithms" + " that are accepted here: " + algorithms() + ".");
        }
    }

    /** Inside of a stage, so that what it throws is what the stage fails with. */
    private CompletionStage<Grants> check(String text, CompactToken token, List<Key> candidates) {
        if (token.algorithm().symmetric()) {
            signer(token, candidates);
            return CompletableFuture.completedStage(claims.read(token.claims()));
        }
        Optional<Grants> remembered = good.get(text, candidates);
        if (remembered.isPresent()) {
            claims.checkExpiry(remembered.get().expiry());
            return CompletableFuture.completedStage(remembered.get());
        }
        try {
            return CompletableFuture.supplyAsync(() -> checkAndRemember(text, token, candidates), workers);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The latter when no thread can be made.
            throw new VerificationUnavailableException(
                    "The hub cannot verify more tokens at this moment: try again in a moment.");
        }
    }

    private Grants checkAndRemember(String text, CompactToken token, List<Key> candidates) {
        Key signer = signer(token, candidates);
        Grants granted = claims.read(token.claims());
        good.put(text, signer, granted);
        return granted;
    }

    private Key signer(CompactToken token, List<Key> candidates) {
        return candidates.stream()
                .filter(key -> signed(token, key))
                .findFirst()
                .orElseThrow(
                        () -> new InvalidTokenException(
                                "The token's signature does not match: it was made with another key, or the token was changed."));
    }

    private boolean signed(CompactToken token, Key key) {
        try {
            return algorithms.get(token.algorithm()).verifySignature(token.signature(), key, token.signed(), PROVIDERS);
        } catch (JoseException | RuntimeException e) {
            // The library does not declare all that it throws at what is no signature at all.
            return false;
        }
    }
}
