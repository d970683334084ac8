package dev.herald.auth;

import java.security.Key;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;

/** Makes the verifier that the settings of one side describe, and says what is wrong with them. */
final class Verifiers {
    private final String prefix;
    private final AuthConfig.Keys config;
    private final Claims claims;

    /** @param prefix of the settings, such as {@code herald.auth.publisher} */
    Verifiers(String prefix, AuthConfig.Keys config, Claims claims) {
        this.prefix = prefix;
        this.config = config;
        this.claims = claims;
    }

    /**
     * Empty if there is no key.
     *
     * @throws AuthSettingException if the settings contradict each other, or the key cannot be used
     */
    Optional<TokenVerifier> verifier() {
        if (config.key().isPresent() && config.keyFile().isPresent()) {
            throw new AuthSettingException(
                    prefix,
                    "has a key twice: set only one of " + prefix + ".key and .key-file, and the other to nothing");
        }
        Optional<Key> key = config.key()
                .map(new KeyReader(prefix + ".key")::text)
                .or(() -> config.keyFile().map(new KeyReader(prefix + ".key-file")::file));
        return key.map(one -> new TokenVerifier(algorithms(one), new FixedKey(one), claims));
    }

    private Set<Algorithm> algorithms(Key key) {
        Set<Algorithm> named = named();
        named.forEach(algorithm -> check(algorithm, key));
        return named.isEmpty() ? EnumSet.of(usual(key)) : named;
    }

    private Set<Algorithm> named() {
        Set<Algorithm> named = EnumSet.noneOf(Algorithm.class);
        for (String name : config.algorithms().orElse(List.of())) {
            named.add(Algorithm.named(name.strip())
                    .orElseThrow(() -> new AuthSettingException(
                            prefix + ".algorithms",
                            "must be some of " + Algorithm.names() + ", and '" + name + "' is none")));
        }
        return named;
    }

    private Algorithm usual(Key key) {
        if (key instanceof SecretKey) {
            check(Algorithm.HS256, key);
        }
        return Arrays.stream(Algorithm.values())
                .filter(algorithm -> algorithm.fits(key))
                .findFirst()
                .orElseThrow(() -> new AuthSettingException(
                        prefix,
                        "must have a key for one of " + Algorithm.names()
                                + "; RSA keys need 2048 bits or more (RFC 7518" + " §3.3)"));
    }

    private void check(Algorithm algorithm, Key key) {
        if (algorithm.fits(key)) {
            return;
        }
        if (algorithm.symmetric() && key instanceof SecretKey) {
            throw new AuthSettingException(
                    prefix,
                    "has a secret that is too short for " + algorithm + ": it must have " + algorithm.secretBytes()
                            + " bytes or more (RFC 7518 §3.2), and has " + key.getEncoded().length
                            + "; 'openssl rand -base64 48' makes one for any");
        }
        if (algorithm.symmetric()) {
            throw new AuthSettingException(
                    prefix + ".algorithms",
                    "must not hold " + algorithm
                            + ", since the key is a public one: whoever knows it could make tokens");
        }
        throw new AuthSettingException(
                prefix + ".algorithms",
                "must not hold " + algorithm + ", since the key is not for it; what it is for: "
                        + Arrays.stream(Algorithm.values())
                                .filter(other -> other.fits(key))
                                .map(Algorithm::name)
                                .collect(Collectors.joining(", ")));
    }
}
