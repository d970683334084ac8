package dev.herald.browser;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTestProfile;

import dev.herald.auth.TokenMint;

/** A hub that lets in nobody without a token, with one key for both sides. */
public final class KeysOnly implements QuarkusTestProfile {
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
                // Of the packaged hub.
                "herald.log.file.path",
                freshDirectory());
    }

    /** A token with this claim, good for years. */
    static String token(String mercure) {
        return tokenUntil(4_102_444_800L, mercure);
    }

    /** @param end in seconds since 1970 */
    static String tokenUntil(long end, String mercure) {
        return TokenMint.hmac("HS256", TokenMint.SUBSCRIBERS_SECRET.getBytes(StandardCharsets.UTF_8))
                .token("{\"mercure\":" + mercure + ",\"exp\":" + end + "}");
    }

    /** Where the packaged hub keeps its events, below what a build cleans away. */
    static String freshDirectory() {
        return Path.of("target", "pages", UUID.randomUUID().toString())
                .toAbsolutePath()
                .toString();
    }
}
