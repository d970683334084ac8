package dev.herald.auth;

import java.security.Key;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.KeyOperations;
import org.jose4j.jwk.SimpleJwkFilter;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/**
 * Public keys of one token issuer (RFC 7517 §5). Immutable.
 *
 * @param keys those that may verify a signature of an algorithm, for each accepted one
 */
record IssuerKeySet(Map<Algorithm, List<JsonWebKey>> keys) {
    static final IssuerKeySet EMPTY = new IssuerKeySet(Map.of());

    /**
     * Parses a JWK set. Keys that no accepted algorithm can use, and those meant for something else, are left out.
     *
     * @param accepted asymmetric algorithms
     * @throws IllegalArgumentException if the text is not a JWK set
     */
    static IssuerKeySet parse(String json, Set<Algorithm> accepted) {
        try {
            List<JsonWebKey> all = new JsonWebKeySet(json).getJsonWebKeys();
            Map<Algorithm, List<JsonWebKey>> keys = new EnumMap<>(Algorithm.class);
            accepted.forEach(algorithm -> keys.put(algorithm, verifying(algorithm, all)));
            return new IssuerKeySet(keys);
        } catch (JoseException | RuntimeException e) {
            // The library does not declare what it throws at members of an unexpected type.
            throw new IllegalArgumentException("not a JWK set", e);
        }
    }

    private static List<JsonWebKey> verifying(Algorithm algorithm, List<JsonWebKey> all) {
        SimpleJwkFilter filter = new SimpleJwkFilter();
        filter.setUse(Use.SIGNATURE, SimpleJwkFilter.OMITTED_OKAY);
        filter.setKeyOperations(new String[] {KeyOperations.VERIFY}, SimpleJwkFilter.OMITTED_OKAY);
        filter.setAlg(algorithm.name(), SimpleJwkFilter.OMITTED_OKAY);
        return filter.filter(all).stream()
                .filter(jwk -> algorithm.fits(jwk.getKey()))
                .toList();
    }

    /**
     * The keys that may have signed a token of this algorithm; without a key id in the token, all of the algorithm's.
     */
    List<Key> matching(Algorithm algorithm, Optional<String> keyId) {
        return keys.getOrDefault(algorithm, List.of()).stream()
                .filter(jwk -> keyId.isEmpty() || keyId.get().equals(jwk.getKeyId()))
                .map(JsonWebKey::getKey)
                .toList();
    }

    boolean isEmpty() {
        return keys.values().stream().allMatch(List::isEmpty);
    }
}
