package dev.herald.auth;

import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import dev.herald.stats.KeyStats;

/** Source of the keys that verify tokens. Thread-safe; never blocks, except {@link #reread()}. */
interface KeySource {

    /** Starts to fetch keys that are not known yet. Returns at once. */
    default void prepare() {}

    /**
     * Reads keys again whose file was changed. Blocks; to be called by one thread, again and again. Logs what it finds,
     * and does not throw.
     */
    default void reread() {}

    /**
     * The keys that may have signed a token of this algorithm and key id; one or more, all of which fit the algorithm.
     *
     * @param keyId {@code kid} of the token; not trusted
     * @return complete on return unless keys must be fetched. Fails with {@link InvalidTokenException} if there is no
     *     such key, with {@link VerificationUnavailableException} if that is not known at the moment
     */
    CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId);

    /** State of the keys; none for keys that are a setting. */
    default KeyStats stats() {
        return KeyStats.NONE;
    }
}
