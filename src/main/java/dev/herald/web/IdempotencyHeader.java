package dev.herald.web;

import java.util.List;
import java.util.Optional;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Grants;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.InvalidFieldException;

/**
 * Parser of the header {@code Idempotency-Key} (PROTOCOL Q15; draft-ietf-httpapi-idempotency-key-header-07). Its value
 * is compared as it was sent, quotes included. The same value of another publisher is another key.
 */
final class IdempotencyHeader {
    private static final String NAME = "Idempotency-Key";

    /** Longest key, in characters, inclusive. */
    private static final int MAX_LENGTH = 255;

    private IdempotencyHeader() {}

    /**
     * Name of the key ({@link IdempotencyKey#name}); empty without the header.
     *
     * @throws InvalidFieldException if there are several keys, or the key is empty, too long, or not printable ASCII
     */
    static Optional<Fingerprint> parse(HttpServerRequest request, Grants grants) {
        List<String> values = request.headers().getAll(NAME);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw invalid("is given more than once: send one.");
        }
        String key = values.get(0).strip();
        if (key.isEmpty()) {
            throw invalid("is empty: send a key of your own, such as a random UUID, or leave the header out.");
        }
        if (key.length() > MAX_LENGTH) {
            throw invalid("is too long: at most " + MAX_LENGTH + " characters are accepted.");
        }
        if (!key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw invalid("has characters that are not printable ASCII: send others.");
        }
        return Optional.of(IdempotencyKey.name(publisher(grants), key));
    }

    private static InvalidFieldException invalid(String problem) {
        return new InvalidFieldException(NAME, problem + " Nothing was published.");
    }

    /** Who may use the key again: the token's subject, else all tokens with the same grants, else all without one. */
    private static Fingerprint publisher(Grants grants) {
        Fingerprint.Builder publisher = new Fingerprint.Builder();
        if (grants.anonymous()) {
            return publisher.add("anonymous").build();
        }
        if (grants.subject().isPresent()) {
            return publisher.add("subject").add(grants.subject().get()).build();
        }
        List<String> selectors = grants.publishTexts().stream().sorted().toList();
        publisher.add("grants").add(selectors.size());
        selectors.forEach(publisher::add);
        return publisher.build();
    }
}
