package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;

/** The form that publishers of Mercure send (PROTOCOL M10–M13). A field that is empty counts as left out. */
final class MercureForm {
    private static final String TYPE = "application/x-www-form-urlencoded";
    private static final int MAX_TOPICS = 1_000;

    private MercureForm() {}

    /** @throws RefusedException if the body is of another type than a form */
    static void checkType(HttpServerRequest request) {
        String type =
                Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
        if (!type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals(TYPE)) {
            throw new RefusedException(
                    ProblemType.INVALID_FORM, "The body is not a form: send it with 'Content-Type: " + TYPE + "'.");
        }
    }

    /**
     * Reads the form.
     *
     * @throws RefusedException if it names no topic or too many, or is not UTF-8
     * @throws InvalidFieldException if a field cannot be used
     */
    static Update parse(byte[] body) {
        Parameters form = Parameters.parse(new String(body, StandardCharsets.ISO_8859_1));
        return new Update(
                topics(form),
                form.first("data").orElse(""),
                form.has("private"),
                field(form, "id").map(EventId::new),
                field(form, "type").map(EventType::new),
                retry(field(form, "retry")));
    }

    private static List<Topic> topics(Parameters form) {
        List<String> names = form.all("topic");
        if (names.size() > MAX_TOPICS) {
            throw new RefusedException(
                    ProblemType.TOO_MANY_TOPICS, "An update has at most " + MAX_TOPICS + " topics: send fewer.");
        }
        return names.stream().map(Topic::new).distinct().toList();
    }

    private static Optional<String> field(Parameters form, String name) {
        return form.first(name).filter(value -> !value.isEmpty());
    }

    private static OptionalLong retry(Optional<String> text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[0-9]{1,18}")) {
            throw new InvalidFieldException("retry", "is not a number of milliseconds: send 1 to 18 ASCII digits.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }
}
