package dev.herald.auth;

import java.security.Key;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.KeyOperations;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/**
 * A public key of a token issuer (RFC 7517 §4).
 *
 * @param id by which tokens name it
 * @param algorithms what it may be used for here, one or more; only such whose signatures are made with a private key
 */
record IssuerKey(Optional<String> id, Set<Algorithm> algorithms, Key key) {

    /**
     * The keys of a JWK set that are for signatures of accepted algorithms; those of other kinds are left out (RFC 7517 §5).
     *
     * @throws IllegalArgumentException if the text is no JWK set
     */
    static List<IssuerKey> set(String json, Set<Algorithm> accepted) {
        try {
            return new JsonWebKeySet(json)
                    .getJsonWebKeys().stream()
                            .filter(IssuerKey::isForSignatures)
                            .map(jwk -> of(jwk, accepted))
                            .filter(key -> !key.algorithms().isEmpty())
                            .toList();
        } catch (JoseException | RuntimeException e) {
            // The library does not declare what a member of another type than the standard's leads to.
            throw new IllegalArgumentException("what it answered is no JWK set", e);
        }
    }

    private static boolean isForSignatures(JsonWebKey jwk) {
        return (jwk.getUse() == null || jwk.getUse().equals(Use.SIGNATURE))
                && (jwk.getKeyOps() == null || jwk.getKeyOps().contains(KeyOperations.VERIFY));
    }

    private static IssuerKey of(JsonWebKey jwk, Set<Algorithm> accepted) {
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        for (Algorithm algorithm : accepted) {
            boolean meant = jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm.name());
            // A secret that is published is none.
            if (meant && !algorithm.symmetric() && algorithm.fits(jwk.getKey())) {
                algorithms.add(algorithm);
            }
        }
        return new IssuerKey(Optional.ofNullable(jwk.getKeyId()), algorithms, jwk.getKey());
    }

    /** Whether a token of this algorithm and key id may have been signed with it. */
    boolean matches(Algorithm algorithm, Optional<String> keyId) {
        return algorithms.contains(algorithm) && (keyId.isEmpty() || keyId.equals(id));
    }
}
