package dev.herald.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.netty.util.internal.PlatformDependent;

/**
 * Budget of the bytes that wait for sockets on this node. While it is exhausted, a connection gets more bytes only when
 * it has none pending. So each slow reader costs at most one write. Thread-safe.
 */
@ApplicationScoped
public class SocketBudget {
    /** Time for pending bytes to be sent after the end of a stream. */
    static final Duration LINGER = Duration.ofSeconds(10);

    /** The budget is this fraction of the direct memory: one part in four. */
    private static final long SHARE = 4;

    private final long limit = PlatformDependent.maxDirectMemory() / SHARE;
    private final AtomicLong waiting = new AtomicLong();

    /** Bytes that wait for sockets now. */
    public long waiting() {
        return waiting.get();
    }

    /** Limit of {@link #waiting()}, in bytes. */
    public long limit() {
        return limit;
    }

    boolean exhausted() {
        return waiting.get() >= limit;
    }

    void acquire(long bytes) {
        waiting.addAndGet(bytes);
    }

    void release(long bytes) {
        waiting.addAndGet(-bytes);
    }
}
