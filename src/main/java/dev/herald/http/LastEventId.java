package dev.herald.http;

import java.util.List;
import java.util.Optional;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.event.EventId;

/** The header {@code Last-Event-ID} of requests and responses (HTML §9.2.4, PROTOCOL M5). UTF-8, not HTTP's Latin-1. */
public final class LastEventId {
    /** Name of the header. */
    static final String NAME = "Last-Event-ID";

    /**
     * Spellings of the parameter (PROTOCOL Q21), in order of precedence. A polyfill adds the first when it reconnects,
     * to a URL that may contain the second since the page was opened.
     */
    private static final List<String> PARAMETERS =
            List.of("lastEventId", "lastEventID", "last_event_id", "last-event-id", NAME);

    private LastEventId() {}

    /** Spellings of the parameter. */
    public static List<String> parameters() {
        return PARAMETERS;
    }

    /**
     * The id to resume from: the first value that is not blank, of the header, else of the query. A browser that
     * reconnects sends the header, so the header is newer.
     */
    public static Optional<String> requested(HttpServerRequest request, Parameters query) {
        return request.headers().getAll(NAME).stream()
                .map(Text::lenientUtf8)
                .map(EventId::strip)
                .filter(id -> !id.isEmpty())
                .findFirst()
                .or(() -> query.firstNotBlank(PARAMETERS));
    }

    /** Whether a query or a form names an id to resume from, in any spelling. */
    public static boolean isIn(Parameters parameters) {
        return parameters.firstNotBlank(PARAMETERS).isPresent();
    }

    /** Sets the response header to the id at which the stream begins. */
    public static void write(HttpServerResponse response, String id) {
        response.putHeader(NAME, Text.headerValue(id));
    }
}
