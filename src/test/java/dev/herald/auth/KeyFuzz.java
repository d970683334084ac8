package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Key files, keys as text, and key sets of issuers: each is rejected with a sentence about the setting, or has 1 to 8
 * keys. A public key never becomes a secret.
 */
public final class KeyFuzz implements FuzzTarget {
    private static final Set<Algorithm> ASYMMETRIC = Set.of(Algorithm.RS256, Algorithm.ES256, Algorithm.EdDSA);
    private final KeyReader reader = new KeyReader("herald.auth.key");

    @Override
    public void run(FuzzInput input) {
        int kind = input.number(5);
        byte[] content = input.rest();
        if (kind == 0) {
            content = pem(content);
        }
        read(content).ifPresent(keys -> assertThat(keys.entries()).hasSizeBetween(1, KeyRing.MAX_KEYS));
        try {
            reader.text(new String(content, StandardCharsets.UTF_8));
        } catch (AuthSettingException rejected) {
            assertThat(rejected.getMessage()).isNotEmpty();
        }
        try {
            IssuerKeySet.parse(new String(content, StandardCharsets.UTF_8), ASYMMETRIC);
        } catch (IllegalArgumentException rejected) {
            assertThat(rejected).hasMessage("not a JWK set");
        }
    }

    private Optional<KeyRing> read(byte[] content) {
        try {
            return Optional.of(reader.keys(new KeyReader.Content(content)));
        } catch (AuthSettingException rejected) {
            assertThat(rejected.getMessage()).isNotEmpty();
            return Optional.empty();
        }
    }

    /** The bytes as a key or certificate in PEM. */
    private static byte[] pem(byte[] der) {
        String label = der.length > 0 && der[0] % 2 == 0 ? "CERTIFICATE" : "PUBLIC KEY";
        String base64 =
                Base64.getEncoder().encodeToString(der.length == 0 ? der : Arrays.copyOfRange(der, 1, der.length));
        return ("-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
