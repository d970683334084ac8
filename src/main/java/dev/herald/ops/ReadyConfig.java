package dev.herald.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of readiness. */
@ConfigMapping(prefix = "herald.ready")
public interface ReadyConfig {

    /**
     * Whether the hub is ready while its log rejects updates: the disk is full, or the files are damaged or gone. With
     * false, no client can open a stream through a load balancer meanwhile.
     */
    @WithDefault("true")
    boolean whenReadOnly();
}
