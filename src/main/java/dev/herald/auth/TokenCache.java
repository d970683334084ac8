package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cache of the grants of verified tokens, so that a token that is sent with each request is verified once. Keyed by
 * digest; the tokens themselves are not kept. An entry is valid as long as the key that verified its token. Bounded by
 * number and by the size of the grants; the least recently used entry is evicted first. Thread-safe.
 */
final class TokenCache {
    /** Maximum number of entries. */
    static final int MAX_TOKENS = 1_000;

    /** Longest token that is cached, in characters: its selectors may be as long as itself. */
    static final int MAX_LENGTH = 4_096;

    /** Approximate size of the digest and the entry, in bytes. */
    private static final long ENTRY_BYTES = 300;

    private final long maxBytes;

    // Guarded by itself, like the bytes.
    private final Map<String, TokenCache.Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes maximum heap of all entries, in bytes */
    TokenCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    private record Entry(Key key, Grants grants) {
        long heapBytes() {
            return ENTRY_BYTES + grants.heapBytes();
        }
    }

    /** The grants of a token that one of the keys has verified; it may have expired since. */
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

    /** Caches the grants of a token that {@code key} has verified. */
    void put(String token, Key key, Grants grants) {
        if (token.length() > MAX_LENGTH) {
            return;
        }
        String digest = digest(token);
        Entry entry = new Entry(key, grants);
        synchronized (entries) {
            Entry replaced = entries.put(digest, entry);
            bytes += entry.heapBytes() - (replaced == null ? 0 : replaced.heapBytes());
            Iterator<Entry> eldestFirst = entries.values().iterator();
            while (entries.size() > MAX_TOKENS || bytes > maxBytes) {
                bytes -= eldestFirst.next().heapBytes();
                eldestFirst.remove();
            }
        }
    }

    /** Number of cached tokens. */
    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    /** Heap of all entries, in bytes. */
    long bytes() {
        synchronized (entries) {
            return bytes;
        }
    }

    /** Maximum of {@link #bytes()}. */
    long maxBytes() {
        return maxBytes;
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
