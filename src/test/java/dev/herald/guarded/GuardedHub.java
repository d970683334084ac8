package dev.herald.guarded;

import java.util.List;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * Test profile of a hub with tokens: publishers' are signed with RS256, subscribers' with HS256, both by one issuer.
 * Public updates are readable without a token. All log levels are enabled, but not printed to the console.
 */
public final class GuardedHub implements QuarkusTestProfile {
    /** Trusted issuer. */
    public static final String ISSUER = "https://issuer.example";

    /** Origin that is not listed. */
    public static final String FOREIGN_ORIGIN = "https://evil.example";

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
