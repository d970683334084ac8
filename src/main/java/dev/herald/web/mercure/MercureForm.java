package dev.herald.web.mercure;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.Credentials;
import dev.herald.http.Parameters;
import dev.herald.http.ProblemType;
import dev.herald.http.RefusedException;
import dev.herald.http.Text;
import dev.herald.web.UpdateFields;

/** Parser of Mercure's publishing form (PROTOCOL M10–M13). An empty field is absent. */
final class MercureForm {
    private static final String TYPE = "application/x-www-form-urlencoded";
    private static final int MAX_TOPICS = 1_000;

    /** A form field in the query would be lost, and with {@code private} the privacy of the update. */
    private static final Set<String> IN_QUERY = Set.of(Credentials.PARAMETER);

    private MercureForm() {}

    /**
     * Checks the request's head before its body is read.
     *
     * @throws RefusedException if the content type is not that of a form, or the query cannot be parsed
     * @throws InvalidFieldException if the query has a parameter besides the token
     */
    static void check(HttpServerRequest request) {
        Parameters.parse(request.query()).refuseOthers(IN_QUERY, "Send it as a field of the form in the body.");
        List<String> types = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (types.size() != 1
                || !types.get(0)
                        .split(";", 2)[0]
                        .trim()
                        .toLowerCase(Locale.ROOT)
                        .equals(TYPE)) {
            throw new RefusedException(
                    ProblemType.INVALID_FORM, "The body is not a form: send it with 'Content-Type: " + TYPE + "'.");
        }
    }

    /**
     * Parses the form. Unknown fields are ignored, as the specification requires.
     *
     * @throws RefusedException if it names no topic or too many, or is not UTF-8
     * @throws InvalidFieldException if a field is invalid
     */
    static Update parse(byte[] body) {
        Parameters form = Parameters.parse(Text.form(body));
        return UpdateFields.update(topics(form), form.first("data").orElse(""), form);
    }

    private static List<Topic> topics(Parameters form) {
        List<String> names = form.all("topic");
        if (names.size() > MAX_TOPICS) {
            throw new RefusedException(
                    ProblemType.TOO_MANY_TOPICS, "An update has at most " + MAX_TOPICS + " topics: send fewer.");
        }
        return names.stream().map(Topic::new).distinct().toList();
    }
}
