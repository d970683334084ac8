package dev.herald.stats;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of the tokens of publishers or of subscribers. Thread-safe. */
public final class TokenStats {
    private final AtomicLong accepted = new AtomicLong();
    private final SharedCounters<TokenRejection> rejections = new SharedCounters<>(TokenRejection.values());

    /** Counts a valid token. */
    public void accept() {
        accepted.incrementAndGet();
    }

    public void reject(TokenRejection reason) {
        rejections.increment(reason);
    }

    /** Number of valid tokens, each time that one is sent. */
    public long accepted() {
        return accepted.get();
    }

    public long rejected(TokenRejection reason) {
        return rejections.get(reason);
    }
}
