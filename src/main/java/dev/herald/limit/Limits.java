package dev.herald.limit;

import java.util.List;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * All limits of clients that the configuration sets.
 *
 * @param addresses resolver of their addresses
 */
public record Limits(
        PublishLimits publishing, StreamLimits streams, ConnectionLimits connections, ClientAddresses addresses) {

    /**
     * Limits as configured; the values are valid.
     *
     * @param largestRequest bytes of URL and body of the largest accepted publishing request
     * @param maxBytes maximum heap for what is kept of publishers
     * @param ticker time, in nanoseconds
     */
    public static Limits of(LimitsConfig config, long largestRequest, long maxBytes, Ticker ticker) {
        ClientAddresses addresses =
                new ClientAddresses(TrustedProxies.of(config.trustedProxies().orElse(List.of())));
        return new Limits(
                new PublishLimits(config, largestRequest, maxBytes, ticker),
                new StreamLimits(config),
                new ConnectionLimits(config, addresses),
                addresses);
    }
}
