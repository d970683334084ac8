package dev.herald;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the hub stops. */
@ConfigMapping(prefix = "herald")
public interface DrainConfig {

    /** How long the streams take to end on shutdown, spread at random, so that clients do not come back together. */
    @WithDefault("10s")
    Duration drain();
}
