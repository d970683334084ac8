package dev.herald;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the start. */
@ConfigMapping(prefix = "herald")
public interface StartConfig {

    /**
     * Whether the hub exercises each kind of request once before it is ready, so that its first clients load no class.
     * Without it, the start is shorter. That is meant for tests of applications.
     */
    @WithDefault("true")
    boolean selfCheck();
}
