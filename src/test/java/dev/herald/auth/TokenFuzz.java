package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tokens before and after the verification of their signature: each is rejected with a reason or has grants that the
 * JSON names. Keys in files and sets of issuers: each is rejected with a reason, or has between 1 and 8 keys.
 */
public final class TokenFuzz implements FuzzTarget {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Claims claims = new Claims(
            Optional.empty(), Optional.empty(), Optional.of(Duration.ofDays(3_650)), Clock.fixed(NOW, ZoneOffset.UTC));

    @Override
    public void run(FuzzInput input) throws Exception {
        switch (input.number(3)) {
            case 0 -> compact(input.latin1());
            case 1 -> header(input.rest());
            default -> claims(input.rest());
        }
    }

    private static void compact(String text) {
        try {
            CompactToken token = CompactToken.parse(text);
            assertThat(text).startsWith(new String(token.signed(), StandardCharsets.US_ASCII) + ".");
            assertThat(token.algorithm()).isNotNull();
        } catch (InvalidTokenException rejected) {
            assertThat(rejected.getMessage()).isNotEmpty();
        }
    }

    private static void header(byte[] json) {
        compact(Base64.getUrlEncoder().withoutPadding().encodeToString(json) + ".e30.AAAA");
    }

    private void claims(byte[] json) throws Exception {
        Grants grants;
        try {
            grants = claims.read(json);
        } catch (InvalidTokenException rejected) {
            assertThat(rejected.getMessage()).isNotEmpty();
            return;
        }
        JsonNode read = MAPPER.readTree(json);
        JsonNode mercure =
                read.hasNonNull("https://mercure.rocks/") ? read.get("https://mercure.rocks/") : read.path("mercure");
        assertThat(grants.expiry().orElseThrow()).isAfter(NOW);
        assertThat(grants.publishTexts()).allSatisfy(text -> assertThat(contains(mercure.path("publish"), text))
                .isTrue());
        assertThat(grants.subscribeTexts()).allSatisfy(text -> assertThat(contains(mercure.path("subscribe"), text))
                .isTrue());
        if (grants.payload().isPresent()) {
            MAPPER.readTree(grants.payload().get());
        }
        assertThat(grants.payload().isPresent()).isEqualTo(mercure.hasNonNull("payload"));
    }

    private static boolean contains(JsonNode array, String text) {
        for (JsonNode one : array) {
            if (text.equals(one.textValue())) {
                return true;
            }
        }
        return false;
    }
}
