package dev.herald.browser;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** Test profile of a hub after whose streams browsers reconnect within a second, instead of two to four. */
public final class QuickRetry implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("herald.sse.retry", "500ms");
    }
}
