package dev.herald.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may use the hub. */
@ConfigMapping(prefix = "herald")
public interface AuthConfig {

    /**
     * Whether anyone who reaches the hub may publish and subscribe. {@code false} in production: the hub refuses to start
     * until it is told so in so many words.
     */
    @WithDefault("false")
    boolean open();
}
