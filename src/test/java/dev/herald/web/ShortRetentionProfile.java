package dev.herald.web;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

import dev.herald.auth.TokenMint;

/** Test profile that retains 200 events and few recent ones in memory, with frequent heartbeats. */
public final class ShortRetentionProfile implements QuarkusTestProfile {
    /** Number of retained events. */
    public static final int EVENTS = 200;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "herald.log.retention.events", Integer.toString(EVENTS),
                "herald.log.recent-bytes", "5000",
                "herald.sse.heartbeat", "300ms",
                "herald.sse.write-timeout", "10m",
                "herald.sse.retry", "1234ms",
                "herald.subscriptions.events", "true",
                "herald.auth.subscriber.key", TokenMint.SUBSCRIBERS_SECRET);
    }
}
