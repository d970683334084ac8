package dev.herald.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issuer of the tokens of a test run: HS256, with a random key of this JVM. Thread-safe. */
final class TestTokens {
    /** The key as text. */
    static final String KEY = HexFormat.of().formatHex(randomBytes());

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private TestTokens() {}

    private static byte[] randomBytes() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** A token with these selectors that is valid for an hour. */
    static String token(List<String> publish, List<String> subscribe) {
        String claims = "{\"mercure\":{\"publish\":%s,\"subscribe\":%s},\"exp\":%d}"
                .formatted(
                        json(publish),
                        json(subscribe),
                        Instant.now().plus(LIFETIME).getEpochSecond());
        String input = base64url(HEADER.getBytes(StandardCharsets.UTF_8)) + "."
                + base64url(claims.getBytes(StandardCharsets.UTF_8));
        return input + "." + base64url(signature(input));
    }

    private static byte[] signature(String input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HMAC"));
            return mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Each JDK has HmacSHA256.", e);
        }
    }

    private static String json(List<String> selectors) {
        return selectors.stream().map(TestTokens::json).collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(String text) {
        return text.chars()
                .mapToObj(unit -> unit < ' ' || unit == '"' || unit == '\\'
                        ? "\\u%04x".formatted(unit)
                        : String.valueOf((char) unit))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
