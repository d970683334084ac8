package dev.herald.auth;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.herald.auth.KeyRing.Entry;
import dev.herald.memory.MemoryBudget;

/** Factory of token verifiers from their settings, which it validates. */
final class TokenVerifierFactory {
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    private static final Set<Algorithm> ISSUER_DEFAULTS = EnumSet.of(Algorithm.RS256, Algorithm.ES256, Algorithm.EdDSA);
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

    private final Claims claims;
    private final Executor workers;
    private final MemoryBudget budget;
    private final Clock clock;

    /**
     * @param workers for signatures by public keys
     * @param budget heap for tokens that wait; the caches take fractions of its limit in addition
     */
    TokenVerifierFactory(Claims claims, Executor workers, MemoryBudget budget, Clock clock) {
        this.claims = claims;
        this.workers = workers;
        this.budget = budget;
        this.clock = clock;
    }

    /**
     * The verifier for one kind of tokens; empty without a key.
     *
     * @param prefix of the settings, such as {@code herald.auth.publisher}
     * @throws AuthSettingException if the settings contradict each other, or the key is invalid
     */
    Optional<TokenVerifier> verifier(String prefix, AuthConfig.Keys config) {
        if (Stream.of(config.key(), config.keyFile(), config.jwksUrl())
                        .filter(Optional::isPresent)
                        .count()
                > 1) {
            throw new AuthSettingException(prefix, "must have only one of .key, .key-file and .jwks-url");
        }
        Set<Algorithm> named = named(prefix + ".algorithms", config.algorithms().orElse(List.of()));
        if (config.jwksUrl().isPresent()) {
            return Optional.of(issuer(prefix, config.jwksUrl().get(), named));
        }
        return config.key().map(text -> text(prefix, text, named)).or(() -> config.keyFile()
                .map(path -> file(prefix, path, named)));
    }

    private TokenVerifier text(String prefix, String text, Set<Algorithm> named) {
        KeyRing keys = new KeyReader(prefix + ".key").text(text);
        return new TokenVerifier(algorithms(prefix, named, keys), keys, claims, workers, budget);
    }

    /** The algorithms are those of the start: a file that is changed later cannot add one (PROTOCOL M21). */
    private TokenVerifier file(String prefix, String path, Set<Algorithm> named) {
        KeyReader reader = new KeyReader(prefix + ".key-file");
        KeyReader.Content content = reader.content(path);
        KeyRing keys = reader.keys(content);
        Set<Algorithm> accepted = algorithms(prefix, named, keys);
        // A pipe, such as that of a shell's <(command), has its content once only.
        KeySource source = Files.isRegularFile(Path.of(path))
                ? new KeyFile(reader, path, content, keys, changed -> check(prefix, accepted, changed), clock)
                : keys;
        return new TokenVerifier(accepted, source, claims, workers, budget);
    }

    private static Set<Algorithm> named(String setting, List<String> names) {
        Set<Algorithm> named = EnumSet.noneOf(Algorithm.class);
        for (String name : names) {
            named.add(Algorithm.named(name.strip())
                    .orElseThrow(() -> new AuthSettingException(
                            setting, "must be a list of " + Algorithm.names() + ", and '" + name + "' is not one")));
        }
        return named;
    }

    private TokenVerifier issuer(String prefix, String url, Set<Algorithm> named) {
        if (named.stream().anyMatch(Algorithm::symmetric)) {
            throw new AuthSettingException(
                    prefix + ".algorithms",
                    "must not contain HS256, HS384 or HS512: an issuer's keys are public, so anyone could sign tokens"
                            + " with them");
        }
        Set<Algorithm> algorithms = named.isEmpty() ? ISSUER_DEFAULTS : named;
        JwksClient issuer = new JwksClient(address(prefix + ".jwks-url", url), FETCH_TIMEOUT);
        return new TokenVerifier(algorithms, new IssuerKeys(issuer, algorithms, clock), claims, workers, budget);
    }

    private static URI address(String setting, String text) {
        URI url = uri(setting, text);
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        boolean here = "http".equalsIgnoreCase(url.getScheme())
                && url.getHost() != null
                && LOOPBACK.matcher(url.getHost()).matches();
        if (url.getHost() == null || url.getRawUserInfo() != null || !secure && !here) {
            throw new AuthSettingException(
                    setting,
                    "must be a URL such as https://issuer.example/keys, without a user; http is allowed for this"
                            + " machine only, since keys could be replaced on the way");
        }
        return url;
    }

    private static URI uri(String setting, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new AuthSettingException(setting, "must be a URL such as https://issuer.example/keys");
        }
    }

    private static Set<Algorithm> algorithms(String prefix, Set<Algorithm> named, KeyRing keys) {
        Set<Algorithm> accepted = named.isEmpty() ? defaults(prefix, keys) : named;
        check(prefix, accepted, keys);
        return accepted;
    }

    private static Set<Algorithm> defaults(String prefix, KeyRing keys) {
        Set<Algorithm> defaults = EnumSet.noneOf(Algorithm.class);
        for (Entry entry : keys.entries()) {
            (entry.secret()
                            ? Optional.of(entry.algorithm().orElse(Algorithm.HS256))
                            : entry.algorithms().findFirst())
                    .ifPresent(defaults::add);
        }
        return defaults;
    }

    /**
     * Rejects keys that have no accepted algorithm. An algorithm without a key is no error, so that keys of one kind can
     * replace those of another one.
     */
    private static void check(String prefix, Set<Algorithm> accepted, KeyRing keys) {
        keys.entries().forEach(entry -> check(prefix, accepted, entry));
    }

    private static void check(String prefix, Set<Algorithm> accepted, Entry entry) {
        accepted.stream()
                .filter(algorithm -> algorithm.symmetric() != entry.secret())
                .findFirst()
                .ifPresent(algorithm -> rejectKind(prefix, algorithm, entry.secret()));
        if (entry.secret()) {
            accepted.stream()
                    .filter(algorithm -> entry.algorithm().orElse(algorithm) == algorithm && !entry.fits(algorithm))
                    .findFirst()
                    .ifPresent(algorithm -> rejectShort(prefix, algorithm, entry.key()));
        } else if (entry.algorithms().findFirst().isEmpty()) {
            throw new AuthSettingException(
                    prefix,
                    "has a key that fits none of " + Algorithm.names() + ": RSA keys need 2048 bits or more"
                            + " (RFC 7518 §3.3), and the curves are P-256, P-384, P-521, Ed25519 and Ed448");
        }
        if (accepted.stream().noneMatch(entry::fits)) {
            throw new AuthSettingException(
                    prefix + ".algorithms",
                    "must have an algorithm of each key, and is " + names(accepted.stream()) + " where a key fits only "
                            + names(entry.algorithms()));
        }
    }

    private static void rejectKind(String prefix, Algorithm algorithm, boolean secret) {
        throw new AuthSettingException(
                prefix + ".algorithms",
                "must not contain " + algorithm + ": the key is "
                        + (secret ? "a secret" : "public, so anyone could sign tokens with it"));
    }

    private static void rejectShort(String prefix, Algorithm algorithm, Key secret) {
        throw new AuthSettingException(
                prefix,
                "has a secret that is too short for " + algorithm + ": it must have " + algorithm.secretBytes()
                        + " bytes or more (RFC 7518 §3.2), and has " + secret.getEncoded().length
                        + "; 'openssl rand -base64 48' generates one that fits all");
    }

    private static String names(Stream<Algorithm> algorithms) {
        return algorithms.map(Algorithm::name).collect(Collectors.joining(", "));
    }
}
