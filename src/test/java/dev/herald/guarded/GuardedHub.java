package dev.herald.guarded;

import java.util.List;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * A hub that asks for tokens: publishers' are signed with RS256, subscribers' with HS256, and both are of one issuer. What
 * is public may be read without. It logs all that there is to log, though not to the console.
 */
public final class GuardedHub implements QuarkusTestProfile {
    /** Whose tokens are trusted. */
    public static final String ISSUER = "https://issuer.example";

    /** A website that is not among those that may use the hub. */
    public static final String STRANGER = "https://evil.example";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "herald.open", "false",
                "herald.auth.subscriber.key", Tokens.SUBSCRIBER_SECRET,
                "herald.auth.issuer", ISSUER,
                "herald.auth.anonymous.subscribe", "true",
                "herald.subscriptions.events", "true",
                "quarkus.log.min-level", "TRACE",
                "quarkus.log.console.level", "WARN",
                "quarkus.http.access-log.enabled", "true");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(KeyPairs.class), new TestResourceEntry(Pages.class));
    }
}
