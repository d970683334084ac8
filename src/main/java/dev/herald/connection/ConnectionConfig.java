package dev.herald.connection;

import java.time.Duration;
import java.util.OptionalInt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of connections, before a request is read. */
@ConfigMapping(prefix = "herald.http")
public interface ConnectionConfig {

    /**
     * Time for the head of a request, 10 seconds by default: from the accepted connection, TLS handshake included, to its
     * first request, and from the first byte of every further request to the end of its head. Later, the connection is
     * closed. At least 1 second.
     */
    @WithDefault("10s")
    Duration headerTimeout();

    /**
     * Most connections that have not sent a request yet, and most that are idle between two requests, each. Beyond, the
     * oldest one is closed. Default: a quarter of the files that the process may open, at least 64.
     */
    OptionalInt maxWaitingConnections();
}
