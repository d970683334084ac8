package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** The header {@code Last-Event-ID}, in both directions (HTML §9.2.4, PROTOCOL M5): UTF-8, though HTTP's are Latin-1. */
final class LastEventId {
    /** The header's name. */
    static final String NAME = "Last-Event-ID";

    private LastEventId() {}

    /**
     * What the client asks to continue from; an empty one is none.
     *
     * @param parameter where to look without the header, which wins
     */
    static Optional<String> asked(HttpServerRequest request, Supplier<Optional<String>> parameter) {
        return Optional.ofNullable(request.getHeader(NAME))
                .map(Text::lenientUtf8)
                .or(parameter)
                .filter(id -> !id.isEmpty());
    }

    /** Tells the client where its stream begins. */
    static void write(HttpServerResponse response, String id) {
        response.putHeader(NAME, new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
}
