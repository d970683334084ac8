package dev.herald.auth;

import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The keys that tokens are checked with. May be used by all threads, and blocks none. */
interface KeySource {

    /** Begins to fetch what may have to be fetched, and does not wait for it. */
    void prepare();

    /**
     * The keys with which a token of this algorithm and key id may have been signed, best first; each of them fits the
     * algorithm.
     *
     * @param keyId the {@code kid} of the token, which is not to be trusted
     * @return complete at once if no key has to be fetched; fails with {@link InvalidTokenException} if there is no such
     *     key, with {@link VerificationUnavailableException} if that cannot be known now
     */
    CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId);
}
