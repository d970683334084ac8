package dev.herald.connection;

import java.time.Duration;
import java.util.OptionalInt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Limits of connections before a request is read. */
@ConfigMapping(prefix = "herald.http")
public interface ConnectionConfig {

    /**
     * Deadline for the head of a request. For the first request it begins when the connection is accepted, TLS
     * handshake included; for every further one at its first byte. Then the connection is closed. A long deadline lets
     * silent clients occupy connections.
     */
    @WithDefault("10s")
    @Range(min = "1s", max = "10m")
    Duration headerTimeout();

    /**
     * Limit of connections that have not sent a request yet, and, separately, of those idle between two requests. Above
     * it, the oldest one is closed. Default: a quarter of the files that the process may open, at least 64.
     */
    @Range(min = "1", max = "10000000")
    OptionalInt maxWaitingConnections();
}
