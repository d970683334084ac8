package dev.herald.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.netty.util.internal.PlatformDependent;

/**
 * The bytes that wait for sockets on this node. When they reach the budget, a connection gets more only once it has taken
 * what it has: slow readers then cost one write each. Thread-safe.
 */
@ApplicationScoped
public class SocketBudget {
    /** After the end of a stream, what waits has so long to leave. */
    static final Duration LINGER = Duration.ofSeconds(10);

    /** Waiting bytes may take one part in so many of the direct memory. */
    private static final long SHARE = 4;

    private final long limit = PlatformDependent.maxDirectMemory() / SHARE;
    private final AtomicLong waiting = new AtomicLong();

    /** What waits now, in bytes. */
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
