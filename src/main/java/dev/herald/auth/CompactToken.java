package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.herald.stats.TokenRejection;

/**
 * Signed token in compact serialization, parsed and not verified (RFC 7515 §7.1). Of its header only {@code alg} and
 * {@code kid} are read: it cannot name a key or the URL of one ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}).
 *
 * @param algorithm {@code alg} of the header; not trusted
 * @param keyId {@code kid} of the header; not trusted
 * @param signed the bytes that the signature covers
 * @param claims JSON, if the signature is valid
 */
record CompactToken(Algorithm algorithm, Optional<String> keyId, byte[] signed, byte[] claims, byte[] signature) {
    /** Longest token, in characters, inclusive; also the limit of request heads. */
    static final int MAX_LENGTH = 65_536;

    private static final int PARTS = 3;
    private static final int ENCRYPTED_PARTS = 5;

    /** @throws InvalidTokenException if the text is not a signed token, or requires an unsupported feature */
    static CompactToken parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidTokenException(
                    TokenRejection.MALFORMED, "The token is too long: at most " + MAX_LENGTH + " bytes are allowed.");
        }
        if (text.isEmpty()) {
            throw new InvalidTokenException(
                    TokenRejection.MALFORMED, "The token is empty: send one, or leave the header out.");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length == ENCRYPTED_PARTS) {
            throw new InvalidTokenException(
                    TokenRejection.MALFORMED, "The token is encrypted (JWE). Send a signed one (JWS).");
        }
        if (parts.length != PARTS) {
            throw new InvalidTokenException(
                    TokenRejection.MALFORMED,
                    "The token is not a signed JWT: it does not have three parts with dots between.");
        }
        JsonNode header = Json.object(decode("header", parts[0]))
                .orElseThrow(() -> new InvalidTokenException(
                        TokenRejection.MALFORMED, "The token's header is not a JSON object with unique names."));
        return new CompactToken(
                algorithm(header),
                text(header, "kid"),
                text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII),
                decode("claims", parts[1]),
                decode("signature", parts[2]));
    }

    /** A token with a critical extension that the recipient does not support is invalid (RFC 7515 §4.1.11). */
    private static Algorithm algorithm(JsonNode header) {
        if (header.has("crit") || header.has("b64")) {
            throw new InvalidTokenException(
                    TokenRejection.MALFORMED,
                    "The token's header requires a JWS extension ('crit' or 'b64'), which the hub does not support.");
        }
        String name = text(header, "alg")
                .orElseThrow(() -> new InvalidTokenException(
                        TokenRejection.MALFORMED, "The token's header has no algorithm ('alg')."));
        if (name.equalsIgnoreCase("none")) {
            throw new InvalidTokenException(
                    TokenRejection.ALGORITHM, "The token is not signed: its algorithm is 'none'.");
        }
        return Algorithm.named(name)
                .orElseThrow(() -> new InvalidTokenException(
                        TokenRejection.ALGORITHM,
                        "The token's algorithm is unknown. Use one of " + Algorithm.names() + "."));
    }

    private static Optional<String> text(JsonNode header, String name) {
        Optional<JsonNode> value = Json.member(header, name);
        if (value.isPresent() && !value.get().isTextual()) {
            throw new InvalidTokenException(
                    TokenRejection.MALFORMED, "The token's header '" + name + "' is not a string.");
        }
        return value.map(JsonNode::textValue);
    }

    private static byte[] decode(String part, String base64url) {
        try {
            // The decoder would accept padding, which is not allowed (RFC 7515 §2).
            if (base64url.indexOf('=') < 0) {
                return Base64.getUrlDecoder().decode(base64url);
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw new InvalidTokenException(
                TokenRejection.MALFORMED,
                "The token's " + part + " is not base64url without padding: it was truncated, changed or quoted.");
    }
}
