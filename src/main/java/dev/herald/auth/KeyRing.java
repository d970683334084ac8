package dev.herald.auth;

import java.security.Key;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import javax.crypto.SecretKey;

import dev.herald.stats.TokenRejection;

/**
 * Configured keys of publishers or of subscribers: one, or several while a new one replaces an old one. Either all are
 * secrets, or all are public. Immutable.
 */
final class KeyRing implements KeySource {
    /** Most keys, inclusive: a token without a key id is tried with each that fits its algorithm. */
    static final int MAX_KEYS = 8;

    private final List<Entry> entries;

    /** The keys that an algorithm fits. */
    private final Map<Algorithm, List<Entry>> byAlgorithm = new EnumMap<>(Algorithm.class);

    /**
     * Key with what restricts its use.
     *
     * @param id {@code kid} of a JWK; without it, tokens with any key id are tried with this key
     * @param algorithm {@code alg} of a JWK, the only one that it may verify; empty if all that fit are possible
     */
    record Entry(Optional<String> id, Optional<Algorithm> algorithm, Key key) {

        /** A key without an id, for all algorithms that it fits. */
        static Entry of(Key key) {
            return new Entry(Optional.empty(), Optional.empty(), key);
        }

        boolean fits(Algorithm candidate) {
            return algorithm.orElse(candidate) == candidate && candidate.fits(key);
        }

        /** All algorithms that the key can verify. */
        Stream<Algorithm> algorithms() {
            return Arrays.stream(Algorithm.values()).filter(this::fits);
        }

        boolean secret() {
            return key instanceof SecretKey;
        }

        /** Whether the key may have signed a token with this key id. */
        boolean mayBe(Optional<String> keyId) {
            return id.isEmpty() || keyId.isEmpty() || id.equals(keyId);
        }
    }

    /** @param entries one or more, at most {@link #MAX_KEYS} */
    KeyRing(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        for (Algorithm algorithm : Algorithm.values()) {
            byAlgorithm.put(
                    algorithm,
                    this.entries.stream().filter(entry -> entry.fits(algorithm)).toList());
        }
    }

    static KeyRing of(Key key) {
        return new KeyRing(List.of(Entry.of(key)));
    }

    List<Entry> entries() {
        return entries;
    }

    /** The number of keys that another ring does not have. */
    long missingFrom(KeyRing other) {
        return entries.stream().filter(entry -> !other.entries.contains(entry)).count();
    }

    @Override
    public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
        List<Key> found = byAlgorithm.get(algorithm).stream()
                .filter(entry -> entry.mayBe(keyId))
                .map(Entry::key)
                .toList();
        return found.isEmpty()
                ? CompletableFuture.failedStage(unknown(algorithm, keyId))
                : CompletableFuture.completedStage(found);
    }

    private static InvalidTokenException unknown(Algorithm algorithm, Optional<String> keyId) {
        return new InvalidTokenException(
                TokenRejection.UNKNOWN_KEY,
                keyId.isPresent()
                        ? "The hub has no key with the id in the token's header ('kid'): sign with a current key."
                        : "The hub has no key for tokens that are signed with " + algorithm + ".");
    }
}
