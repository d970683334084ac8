package dev.herald.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What publishers may send, and how much of it may wait. */
@ConfigMapping(prefix = "herald.publish")
public interface PublishConfig {

    /** Largest accepted body, in bytes; a larger one is refused with 413. */
    @WithDefault("1M")
    MemorySize maxBody();

    /** How many updates may wait for the log, 1 or more; further ones are refused with 503 until there is room. */
    @WithDefault("10000")
    int maxWaiting();
}
