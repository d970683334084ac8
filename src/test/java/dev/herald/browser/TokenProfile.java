package dev.herald.browser;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTestProfile;

import dev.herald.auth.TokenMint;

/** Test profile of a hub that needs tokens, with one key for both sides. */
public final class TokenProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "herald.open",
                "false",
                "herald.auth.publisher.key",
                TokenMint.SUBSCRIBERS_SECRET,
                "herald.auth.subscriber.key",
                TokenMint.SUBSCRIBERS_SECRET,
                "herald.drain",
                "0s",
                // For the packaged hub.
                "herald.log.file.path",
                freshDirectory());
    }

    /** Token with this claim, valid for years. */
    static String token(String mercure) {
        return tokenUntil(4_102_444_800L, mercure);
    }

    /** @param end expiry in seconds since 1970 */
    static String tokenUntil(long end, String mercure) {
        return TokenMint.hmac("HS256", TokenMint.SUBSCRIBERS_SECRET.getBytes(StandardCharsets.UTF_8))
                .token("{\"mercure\":" + mercure + ",\"exp\":" + end + "}");
    }

    /** Directory of the packaged hub's events, below one that a build cleans. */
    static String freshDirectory() {
        return Path.of("target", "pages", UUID.randomUUID().toString())
                .toAbsolutePath()
                .toString();
    }
}
