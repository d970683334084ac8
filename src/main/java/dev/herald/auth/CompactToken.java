package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A signed token as it is sent, taken apart and not checked yet (RFC 7515 §7.1). Of its header only {@code alg} and
 * {@code kid} count: it names no key and no address of one ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}).
 *
 * @param algorithm what the token says it is signed with
 * @param keyId which key of its issuer it says it is signed with
 * @param signed the bytes that the signature covers
 * @param claims JSON, if the signature is good
 */
record CompactToken(Algorithm algorithm, Optional<String> keyId, byte[] signed, byte[] claims, byte[] signature) {
    /** Longest token, in characters, inclusive. Header blocks are no longer either. */
    static final int MAX_LENGTH = 65_536;

    private static final int PARTS = 3;
    private static final int PARTS_OF_AN_ENCRYPTED_ONE = 5;

    /** @throws InvalidTokenException if the text is no signed token, or one that asks for what is not understood here */
    static CompactToken parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidTokenException("The token is too long: at most " + MAX_LENGTH + " bytes are accepted.");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length == PARTS_OF_AN_ENCRYPTED_ONE) {
            throw new InvalidTokenException("The token is encrypted (a JWE): send a signed one (a JWS).");
        }
        if (parts.length != PARTS) {
            throw new InvalidTokenException("The token is not a signed JWT, which has three parts with a dot between"
                    + " them: it was cut, or it is something else.");
        }
        JsonNode header = Json.object(decode("header", parts[0]))
                .orElseThrow(() -> new InvalidTokenException("The token's header is not a JSON object."));
        return new CompactToken(
                algorithm(header),
                text(header, "kid"),
                text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII),
                decode("claims", parts[1]),
                decode("signature", parts[2]));
    }

    /** An extension that a recipient must understand makes a token that this one must refuse (RFC 7515 §4.1.11). */
    private static Algorithm algorithm(JsonNode header) {
        if (header.has("crit") || header.has("b64")) {
            throw new InvalidTokenException(
                    "The token's header asks for an extension of JWS ('crit' or 'b64'), and none is understood here.");
        }
        String name = text(header, "alg")
                .orElseThrow(() -> new InvalidTokenException("The token's header names no algorithm ('alg')."));
        if (name.equalsIgnoreCase("none")) {
            throw new InvalidTokenException("The token is not signed: its algorithm is 'none'.");
        }
        return Algorithm.named(name)
                .orElseThrow(() -> new InvalidTokenException(
                        "The token is signed with an algorithm that is not known here: use one of " + Algorithm.names()
                                + "."));
    }

    private static Optional<String> text(JsonNode header, String name) {
        Optional<JsonNode> value = Json.member(header, name);
        if (value.isPresent() && !value.get().isTextual()) {
            throw new InvalidTokenException("The token's header '" + name + "' is not a string.");
        }
        return value.map(JsonNode::textValue);
    }

    private static byte[] decode(String part, String base64url) {
        try {
            // The padding that the decoder would allow does not belong there (RFC 7515 §2).
            if (base64url.indexOf('=') < 0) {
                return Base64.getUrlDecoder().decode(base64url);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new InvalidTokenException(
                "The token's " + part + " is not base64url without padding: it was cut, changed" + " or quoted.");
    }
}
