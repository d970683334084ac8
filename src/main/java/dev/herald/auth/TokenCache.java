package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens that were lately found to be good, so that whoever sends one with each request has it checked once. Held by
 * digest, never as they are. A token counts only as long as the key that it was checked with does. May be used by all
 * threads.
 */
final class TokenCache {
    /** Tokens held, at most; who has not been asked for longest goes first. */
    static final int MAX_TOKENS = 1_000;

    /** Longest token that is held, in characters: it may grant selectors of its own length. */
    static final int MAX_LENGTH = 4_096;

    // Guarded by itself.
    private final Map<String, TokenCache.Entry> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenCache.Entry> eldest) {
            return size() > MAX_TOKENS;
        }
    };

    private record Entry(Key key, Grants grants) {}

    /** What the token grants, if it was found to be good with one of the keys; it may have expired since. */
    Optional<Grants> get(String token, List<Key> keys) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String digest = digest(token);
        synchronized (entries) {
            return Optional.ofNullable(entries.get(digest))
                    .filter(entry -> keys.contains(entry.key()))
                    .map(Entry::grants);
        }
    }

    /** Keeps a token that was found to be good with {@code key}. */
    void put(String token, Key key, Grants grants) {
        if (token.length() > MAX_LENGTH) {
            return;
        }
        String digest = digest(token);
        synchronized (entries) {
            entries.put(digest, new Entry(key, grants));
        }
    }

    private static String digest(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }
}
