package dev.herald.hub;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How streams behave. */
@ConfigMapping(prefix = "herald.sse")
public interface SseConfig {

    /**
     * A stream on which nothing was sent for this long gets a comment line, so that proxies between do not take the
     * connection for dead; 10 ms or more. Keep it below the shortest idle timeout on the way, often 60 s.
     */
    @WithDefault("15s")
    Duration heartbeat();

    /** How long a browser waits before it connects again, told at the start of a stream; 0 or more. */
    @WithDefault("2s")
    Duration retry();

    /** How many streams this node serves at once, 1 or more; further ones are told to come back later. */
    @WithDefault("100000")
    int maxSubscribers();
}
