package dev.herald;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the shutdown. */
@ConfigMapping(prefix = "herald")
public interface DrainConfig {

    /** Time over which the streams end on shutdown, at random, so that clients do not reconnect all at once. */
    @WithDefault("10s")
    Duration drain();
}
