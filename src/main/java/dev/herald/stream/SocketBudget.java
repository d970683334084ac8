package dev.herald.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.netty.util.internal.PlatformDependent;

/**
 * Budget of the bytes that wait for sockets on this node. When it is exhausted, a connection gets more only after its
 * previous write has left: each slow reader then costs one write. Thread-safe.
 */
@ApplicationScoped
public class SocketBudget {
    /** Time for pending bytes to leave after the end of a stream. */
    static final Duration LINGER = Duration.ofSeconds(10);

    /** The budget is one part in so many of the direct memory. */
    private static final long SHARE = 4;

    private final long limit = PlatformDependent.maxDirectMemory() / SHARE;
    private final AtomicLong waiting = new AtomicLong();

    /** Bytes that wait now. */
    public long waiting() {
        return waiting.get();
    }

    boolean exhausted() {
        return waiting.get() >= limit;
    }

    void take(long bytes) {
        waiting.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        waiting.addAndGet(-bytes);
    }
}
