package dev.herald.web;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

import dev.herald.auth.TokenMint;

/** Test profile with the path prefix {@code /push}. */
public final class PathPrefixProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.http.root-path", "/push",
                "herald.subscriptions.events", "true",
                "herald.auth.subscriber.key", TokenMint.SUBSCRIBERS_SECRET);
    }
}
