package dev.herald;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Configuration of the shutdown. */
@ConfigMapping(prefix = "herald")
public interface DrainConfig {

    /**
     * Time over which the streams end on shutdown, at random, so that clients do not reconnect all at once. {@code 0s}:
     * all at once. The process needs as long to end, so keep it below the time that a supervisor grants, such as
     * {@code terminationGracePeriodSeconds} of Kubernetes.
     */
    @WithDefault("10s")
    @Range(min = "0s", max = "10m")
    Duration drain();

    /**
     * Time between readiness going down and the end of the first stream, so that load balancers see it and send no client
     * here any more. None if the drain is 0.
     */
    @WithDefault("2s")
    @Range(min = "0s", max = "10m")
    Duration drainNotice();
}
