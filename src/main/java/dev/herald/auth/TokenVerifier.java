package dev.herald.auth;

import java.security.Key;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import org.jose4j.jca.ProviderContext;
import org.jose4j.jws.JsonWebSignatureAlgorithm;
import org.jose4j.lang.JoseException;

/**
 * Checks the tokens of one side, publishers or subscribers, by its keys (RFC 7515 §5.2). The algorithm is one of those that
 * the configuration names; the token only says which (RFC 8725 §3.1). May be used by all threads.
 */
final class TokenVerifier {
    private static final ProviderContext PROVIDERS = new ProviderContext();

    private final Map<Algorithm, JsonWebSignatureAlgorithm> algorithms = new EnumMap<>(Algorithm.class);
    private final KeySource keys;
    private final Claims claims;

    /** @param algorithms one or more, that are accepted */
    TokenVerifier(Set<Algorithm> algorithms, KeySource keys, Claims claims) {
        algorithms.forEach(algorithm -> this.algorithms.put(algorithm, algorithm.implementation()));
        this.keys = keys;
        this.claims = claims;
    }

    /** The names of the accepted algorithms, for people. */
    String algorithms() {
        return algorithms.keySet().stream().map(Algorithm::name).collect(Collectors.joining(","));
    }

    /**
     * What the token grants.
     *
     * @return complete at once if no key has to be fetched; fails with {@link InvalidTokenException}, or with {@link
     *     VerificationUnavailableException} if there is no telling now; nothing else
     */
    CompletionStage<Grants> verify(String text) {
        try {
            CompactToken token = CompactToken.parse(text);
            checkAlgorithm(token.algorithm());
            CompletableFuture<Grants> grants = new CompletableFuture<>();
            keys.find(token.algorithm(), token.keyId())
                    .whenComplete((candidates, failure) -> complete(grants, token, candidates, failure));
            return grants;
        } catch (InvalidTokenException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** By hand, since a stage that follows a failed one fails with a CompletionException around it. */
    private void complete(
            CompletableFuture<Grants> grants, CompactToken token, List<Key> candidates, Throwable failure) {
        if (failure != null) {
            grants.completeExceptionally(failure);
            return;
        }
        try {
            grants.complete(check(token, candidates));
        } catch (InvalidTokenException e) {
            grants.completeExceptionally(e);
        }
    }

    private void checkAlgorithm(Algorithm algorithm) {
        if (!algorithms.containsKey(algorithm)) {
            throw new InvalidTokenException("The token is signed with " + algorithm
                    + ", which is not among the algorithms" + " that are accepted here: " + algorithms() + ".");
        }
    }

    private Grants check(CompactToken token, List<Key> candidates) {
        if (candidates.stream().noneMatch(key -> signed(token, key))) {
            throw new InvalidTokenException(
                    "The token's signature does not match: it was made with another key, or the token was changed.");
        }
        return claims.read(token.claims());
    }

    private boolean signed(CompactToken token, Key key) {
        try {
            return algorithms.get(token.algorithm()).verifySignature(token.signature(), key, token.signed(), PROVIDERS);
        } catch (JoseException | RuntimeException e) {
            // What is no signature at all; not all that the library then throws is declared.
            return false;
        }
    }
}
