package dev.herald.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of publishing. */
@ConfigMapping(prefix = "herald.publish")
public interface PublishConfig {

    /** Largest accepted body, in bytes; a larger one is rejected with 413. */
    @WithDefault("1M")
    MemorySize maxBody();

    /**
     * Capacity of the queue of updates waiting for the log, 1 or more. When it is full, updates are rejected with 503.
     */
    @WithDefault("10000")
    int maxWaiting();
}
