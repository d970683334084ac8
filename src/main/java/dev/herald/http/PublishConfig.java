package dev.herald.http;

import java.time.Duration;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Limits of publishing. */
@ConfigMapping(prefix = "herald.publish")
public interface PublishConfig {

    /**
     * Largest accepted body; a larger one is rejected with 413. Besides, at most a twelfth of the heap, since a body
     * takes up to twelve times its size while it is parsed.
     */
    @WithDefault("1M")
    @Range(min = "1", max = "1G")
    MemorySize maxBody();

    /**
     * Deadline for a whole body, that of a form that selects a stream included. Then the request is rejected with 400. A
     * long deadline lets slow clients occupy memory.
     */
    @WithDefault("30s")
    @Range(min = "1s", max = "10m")
    Duration bodyTimeout();

    /**
     * Capacity of the queue of updates waiting for the log. When it is full, updates are rejected with 503. A longer
     * queue accepts longer bursts, and its last update waits longer for an answer.
     */
    @WithDefault("10000")
    @Range(min = "1", max = "10000000")
    int maxWaiting();

    /**
     * Time for which the hub remembers an {@code Idempotency-Key}. A request that is sent again with the same key within
     * this time gets the first answer, and publishes nothing. A longer time needs more room in the log.
     */
    @WithDefault("10m")
    @Range(min = "1s", max = "7D")
    Duration idempotency();

    /**
     * Maximum idempotency keys that the hub remembers; beyond it, requests with a new key are rejected with 503 until
     * others have expired. One publisher may have three quarters of them. A key takes about 150 bytes in the file log. In the memory log it takes 300 bytes of heap,
     * and all together at most an eighth of that log.
     */
    @WithDefault("1000000")
    @Range(min = "1", max = "100000000")
    long maxIdempotencyKeys();
}
