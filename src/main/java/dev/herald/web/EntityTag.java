package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The version of a document about active subscriptions (RFC 9110 §8.8.3, PROTOCOL M41). Made of what is shown of them and
 * nothing else: not of the last event's id, or it would tell of events that the caller may not know of.
 */
final class EntityTag {
    private static final int BYTES = 16;
    private static final String LIST = "subscriptions";

    private EntityTag() {}

    static String of(ObjectNode document) {
        JsonNode shown = document.has(LIST) ? document.get(LIST) : document;
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(shown.toString().getBytes(StandardCharsets.UTF_8));
            byte[] version = Arrays.copyOf(digest, BYTES);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(version) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** Whether the client has this version (RFC 9110 §13.1.2: weak comparison). */
    static boolean matches(String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && Stream.of(ifNoneMatch.split(","))
                        .map(String::trim)
                        .anyMatch(one ->
                                one.equals("*") || one.replaceFirst("^W/", "").equals(tag));
    }
}
