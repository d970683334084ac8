package dev.herald.auth;

import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one key that the configuration holds. It has no name, so that of a token does not matter. */
final class FixedKey implements KeySource {
    private final CompletionStage<List<Key>> key;

    /** @param key fits every algorithm that the verifier accepts */
    FixedKey(Key key) {
        this.key = CompletableFuture.completedStage(List.of(key));
    }

    @Override
    public void prepare() {
        // It is there.
    }

    @Override
    public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
        return key;
    }
}
