package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector;

/**
 * Validator of the claims of a token whose signature was verified: validity (RFC 7519 §4.1) and grants (PROTOCOL M23).
 * Immutable; thread-safe.
 */
final class Claims {
    /** Maximum number of selectors to publish, and of those to subscribe, inclusive (PROTOCOL M6). */
    static final int MAX_SELECTORS = 1_000;

    /** Tolerance for an issuer's clock that is ahead, for {@code nbf} only: streams end exactly at {@code exp}. */
    static final Duration LEEWAY = Duration.ofSeconds(5);

    /** The end of the year 9999, so that later times can be formatted and computed with. */
    private static final double LAST_SECOND = 253_402_300_799d;

    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final Clock clock;

    /**
     * @param issuer required {@code iss}
     * @param audience required {@code aud}, or one of several
     */
    Claims(Optional<String> issuer, Optional<String> audience, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /** @throws InvalidTokenException if the token is not valid now and for this hub, or its grants are malformed */
    Grants read(byte[] json) {
        JsonNode claims = Json.object(json)
                .orElseThrow(
                        () -> new InvalidTokenException("The token's claims are not a JSON object with unique names."));
        Optional<Instant> expiry = moment(claims, "exp");
        checkExpiry(expiry);
        checkStart(moment(claims, "nbf"));
        checkIssuer(claims);
        checkAudience(claims);
        Optional<JsonNode> mercure = mercure(claims);
        return Grants.of(
                selectors(mercure, "publish"),
                selectors(mercure, "subscribe"),
                mercure.flatMap(claim -> Json.member(claim, "payload")).map(JsonNode::toString),
                expiry);
    }

    /** @throws InvalidTokenException if the token has expired */
    void checkExpiry(Optional<Instant> expiry) {
        if (expiry.isPresent() && !clock.instant().isBefore(expiry.get())) {
            throw new InvalidTokenException("The token expired at " + expiry.get() + ". Get a new one.");
        }
    }

    private void checkStart(Optional<Instant> start) {
        if (start.isPresent() && clock.instant().plus(LEEWAY).isBefore(start.get())) {
            throw new InvalidTokenException("The token is not valid before " + start.get() + ".");
        }
    }

    private void checkIssuer(JsonNode claims) {
        if (issuer.isPresent()
                && Json.member(claims, "iss")
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .filter(issuer.get()::equals)
                        .isEmpty()) {
            throw new InvalidTokenException("The token's issuer is not the configured one ('iss').");
        }
    }

    private void checkAudience(JsonNode claims) {
        if (audience.isEmpty()) {
            return;
        }
        JsonNode named = claims.path("aud");
        boolean meant = named.isTextual() && named.textValue().equals(audience.get());
        if (named.isArray()) {
            for (JsonNode one : named) {
                meant |= one.isTextual() && one.textValue().equals(audience.get());
            }
        }
        if (!meant) {
            throw new InvalidTokenException("The token's audience does not include this hub ('aud').");
        }
    }

    private static Optional<Instant> moment(JsonNode claims, String name) {
        JsonNode value = claims.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw new InvalidTokenException("The token's '" + name + "' is not a number of seconds since 1970.");
        }
        double seconds = Math.min(Math.max(value.doubleValue(), 0), LAST_SECOND);
        return Optional.of(Instant.ofEpochSecond((long) seconds));
    }

    /** The long name is for issuers that require URLs as names of custom claims; it takes precedence, as in other hubs. */
    private static Optional<JsonNode> mercure(JsonNode claims) {
        Optional<JsonNode> claim =
                Json.member(claims, "https://mercure.rocks/").or(() -> Json.member(claims, "mercure"));
        if (claim.isPresent() && !claim.get().isObject()) {
            throw new InvalidTokenException(
                    "The token's claim 'mercure' is not an object with 'publish' or 'subscribe'.");
        }
        return claim;
    }

    private static List<TopicSelector> selectors(Optional<JsonNode> mercure, String name) {
        Optional<JsonNode> listed = mercure.flatMap(claim -> Json.member(claim, name));
        if (listed.isEmpty()) {
            return List.of();
        }
        if (!listed.get().isArray()) {
            throw malformed(name);
        }
        if (listed.get().size() > MAX_SELECTORS) {
            throw new InvalidTokenException("The token's 'mercure." + name + "' has too many topic selectors: at most "
                    + MAX_SELECTORS + " are allowed.");
        }
        List<TopicSelector> selectors = new ArrayList<>();
        for (JsonNode text : listed.get()) {
            if (!text.isTextual()) {
                throw malformed(name);
            }
            selector(name, text.textValue()).ifPresent(selectors::add);
        }
        return selectors;
    }

    /** Empty if the selector cannot match any topic: a selector that grants nothing is not an error. */
    private static Optional<TopicSelector> selector(String name, String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > Topic.MAX_BYTES) {
            throw new InvalidTokenException("The token's 'mercure." + name
                    + "' has a topic selector that is too long: at most " + Topic.MAX_BYTES + " bytes are allowed.");
        }
        try {
            return Optional.of(TopicSelector.parse(text));
        } catch (InvalidFieldException e) {
            return Optional.empty();
        }
    }

    private static InvalidTokenException malformed(String name) {
        return new InvalidTokenException(
                "The token's 'mercure." + name + "' is not an array of strings, the topic selectors.");
    }
}
