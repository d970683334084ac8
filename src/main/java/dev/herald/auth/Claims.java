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
import dev.herald.identity.TokenIdentity;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.TokenRejection;

/**
 * Validator of the claims of a token whose signature was verified: validity (RFC 7519 §4.1) and grants (PROTOCOL M23).
 * Immutable; thread-safe.
 */
final class Claims {
    /** Maximum number of selectors to publish, and of those to subscribe, inclusive (PROTOCOL M6). */
    static final int MAX_SELECTORS = 1_000;

    /** Tolerance for an issuer's clock that is ahead, for {@code nbf} only: streams end exactly at {@code exp}. */
    static final Duration LEEWAY = Duration.ofSeconds(5);

    /** The year 3000, in seconds: later times are milliseconds or a mistake (decision 212). */
    private static final double TOO_LATE = 32_503_680_000d;

    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final Optional<Duration> maxLifetime;
    private final Clock clock;

    /**
     * @param issuer required {@code iss}
     * @param audience required {@code aud}, or one of several
     * @param maxLifetime longest time until {@code exp}, which is then required; positive
     */
    Claims(Optional<String> issuer, Optional<String> audience, Optional<Duration> maxLifetime, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.maxLifetime = maxLifetime;
        this.clock = clock;
    }

    /** @throws InvalidTokenException if the token is not valid now and for this hub, or its grants are malformed */
    Grants read(byte[] json) {
        JsonNode claims = Json.object(json)
                .orElseThrow(() -> new InvalidTokenException(
                        TokenRejection.MALFORMED, "The token's claims are not a JSON object with unique names."));
        Optional<Instant> expiry = time(claims, "exp");
        checkExpiry(expiry);
        checkLifetime(expiry);
        checkStart(time(claims, "nbf"));
        time(claims, "iat");
        checkIssuer(claims);
        checkAudience(claims);
        Optional<JsonNode> mercure = mercure(claims);
        TokenIdentity identity = new TokenIdentity(Optional.empty(), text(claims, "jti"), text(claims, "sub"));
        if (mercure.isEmpty()) {
            return Grants.unclaimed(identity, expiry);
        }
        return Grants.of(
                identity,
                mercure.map(claim -> claim.path("admin").isBoolean()
                                && claim.path("admin").booleanValue())
                        .orElse(false),
                selectors(mercure, "publish"),
                selectors(mercure, "subscribe"),
                mercure.flatMap(claim -> Json.member(claim, "payload")).map(JsonNode::toString),
                expiry);
    }

    /** A claim that is a text and not empty. */
    private static Optional<String> text(JsonNode claims, String name) {
        return Json.member(claims, name)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty());
    }

    /** @throws InvalidTokenException if the token has expired */
    void checkExpiry(Optional<Instant> expiry) {
        if (expiry.isPresent() && !clock.instant().isBefore(expiry.get())) {
            throw new InvalidTokenException(
                    TokenRejection.EXPIRED, "The token expired at " + expiry.get() + ". Get a new one.");
        }
    }

    /** The leeway is for an issuer's clock that is ahead: its tokens of exactly the allowed lifetime are valid. */
    private void checkLifetime(Optional<Instant> expiry) {
        if (maxLifetime.isEmpty()) {
            return;
        }
        long seconds = maxLifetime.get().toSeconds();
        if (expiry.isEmpty()) {
            throw new InvalidTokenException(
                    TokenRejection.LIFETIME,
                    "The token has no expiry ('exp'): get one that expires within " + seconds + " s, the longest"
                            + " lifetime that this hub allows.");
        }
        if (clock.instant().plus(maxLifetime.get()).plus(LEEWAY).isBefore(expiry.get())) {
            throw new InvalidTokenException(
                    TokenRejection.LIFETIME,
                    "The token expires too late, at " + expiry.get() + " ('exp'): get one that expires within "
                            + seconds + " s, the longest lifetime that this hub allows.");
        }
    }

    private void checkStart(Optional<Instant> start) {
        if (start.isPresent() && clock.instant().plus(LEEWAY).isBefore(start.get())) {
            throw new InvalidTokenException(
                    TokenRejection.NOT_YET_VALID, "The token is not valid before " + start.get() + ".");
        }
    }

    private void checkIssuer(JsonNode claims) {
        if (issuer.isPresent()
                && Json.member(claims, "iss")
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .filter(issuer.get()::equals)
                        .isEmpty()) {
            throw new InvalidTokenException(
                    TokenRejection.ISSUER, "The token's issuer is not the configured one ('iss').");
        }
    }

    private void checkAudience(JsonNode claims) {
        if (audience.isEmpty()) {
            return;
        }
        JsonNode named = claims.path("aud");
        boolean matches = named.isTextual() && named.textValue().equals(audience.get());
        if (named.isArray()) {
            for (JsonNode one : named) {
                matches |= one.isTextual() && one.textValue().equals(audience.get());
            }
        }
        if (!matches) {
            throw new InvalidTokenException(
                    TokenRejection.AUDIENCE, "The token's audience does not include this hub ('aud').");
        }
    }

    /**
     * A time as of RFC 7519 §2. Fractions of a second are allowed there, and cut off.
     *
     * @throws InvalidTokenException if it is no number of seconds from 1970 until the year 3000
     */
    private static Optional<Instant> time(JsonNode claims, String name) {
        JsonNode value = claims.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw invalidTime(name, "is not a number of seconds since 1970");
        }
        // Numbers that are out of range are infinite as a double, so the two comparisons refuse them.
        double seconds = value.doubleValue();
        if (seconds < 0) {
            throw invalidTime(name, "is negative: it must be a number of seconds since 1970");
        }
        if (seconds >= TOO_LATE) {
            throw invalidTime(
                    name, "is beyond the year 3000: it must be in seconds since 1970, and looks like milliseconds");
        }
        return Optional.of(Instant.ofEpochSecond((long) seconds));
    }

    private static InvalidTokenException invalidTime(String name, String fault) {
        return new InvalidTokenException(TokenRejection.INVALID_TIME, "The token's '" + name + "' " + fault + ".");
    }

    /**
     * The long name is for issuers that require URLs as names of custom claims; it takes precedence, as in other hubs.
     */
    private static Optional<JsonNode> mercure(JsonNode claims) {
        Optional<JsonNode> claim =
                Json.member(claims, "https://mercure.rocks/").or(() -> Json.member(claims, "mercure"));
        if (claim.isPresent() && !claim.get().isObject()) {
            throw new InvalidTokenException(
                    TokenRejection.GRANTS,
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
            throw new InvalidTokenException(
                    TokenRejection.GRANTS,
                    "The token's 'mercure." + name + "' has too many topic selectors: at most " + MAX_SELECTORS
                            + " are allowed.");
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
            throw new InvalidTokenException(
                    TokenRejection.GRANTS,
                    "The token's 'mercure." + name + "' has a topic selector that is too long: at most "
                            + Topic.MAX_BYTES + " bytes are allowed.");
        }
        try {
            return Optional.of(TopicSelector.parse(text));
        } catch (InvalidFieldException e) {
            return Optional.empty();
        }
    }

    private static InvalidTokenException malformed(String name) {
        return new InvalidTokenException(
                TokenRejection.GRANTS,
                "The token's 'mercure." + name + "' is not an array of strings, the topic selectors.");
    }
}
