package dev.herald.auth;

import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one configured key, whatever key id a token names. Immutable. */
final class FixedKey implements KeySource {
    private final CompletionStage<List<Key>> key;

    /** @param key fits every accepted algorithm */
    FixedKey(Key key) {
        this.key = CompletableFuture.completedStage(List.of(key));
    }

    @Override
    public void prepare() {
        // The key is known.
    }

    @Override
    public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
        return key;
    }
}
