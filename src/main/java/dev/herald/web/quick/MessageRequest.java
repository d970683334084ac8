package dev.herald.web.quick;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.Parameters;
import dev.herald.http.ProblemType;
import dev.herald.http.RefusedException;
import dev.herald.web.UpdateFields;

/**
 * Publishing request of the quick API (PROTOCOL Q1–Q7, Q9, Q13). The fields of the update are in the query, or beside
 * {@code message} in a form. Unknown parameters are rejected: a misspelt one, such as {@code privat=on}, would
 * otherwise publish a private update to everyone.
 */
final class MessageRequest {
    private static final String TOPIC = "topic";

    /** Fields allowed at most once, in the query and the form together. */
    private static final List<String> SINGLE = List.of(TOPIC, UpdateFields.ID, UpdateFields.TYPE, UpdateFields.RETRY);

    private static final Set<String> FIELDS =
            Stream.concat(SINGLE.stream(), Stream.of(UpdateFields.PRIVATE)).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> IN_QUERY = and(FIELDS, Credentials.PARAMETER);
    private static final Set<String> IN_FORM = and(FIELDS, MessageBody.FIELD);
    private static final String KNOWN = "Known are topic, private, type, id and retry. Nothing was published.";

    private final Parameters query;
    private final Optional<String> contentType;
    private final Topic defaultTopic;

    private MessageRequest(Parameters query, Optional<String> contentType, Topic defaultTopic) {
        this.query = query;
        this.contentType = contentType;
        this.defaultTopic = defaultTopic;
    }

    private static Set<String> and(Set<String> names, String another) {
        return Stream.concat(names.stream(), Stream.of(another)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Parses the request without its body. Must be called on the request's event loop.
     *
     * @param defaultTopic topic of an update that names none
     * @throws RefusedException if the query cannot be parsed, or there are several content types
     * @throws InvalidFieldException if a parameter is unknown or given twice
     */
    static MessageRequest parse(HttpServerRequest request, Topic defaultTopic) {
        Parameters query = Parameters.parse(request.query());
        query.refuseOthers(IN_QUERY, KNOWN);
        checkSingle(query);
        List<String> types = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (types.size() > 1) {
            throw new RefusedException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "The header 'Content-Type' is given more than once: send one.");
        }
        return new MessageRequest(query, types.stream().findFirst(), defaultTopic);
    }

    /**
     * The update of this request with its body.
     *
     * @throws RefusedException if the body is not valid for its type
     * @throws InvalidFieldException if a field is unknown, given twice, or invalid
     */
    Update update(byte[] body) {
        MessageBody message = MessageBody.parse(contentType, body);
        message.form().refuseOthers(IN_FORM, KNOWN);
        Parameters fields = query.and(message.form());
        checkSingle(fields);
        Topic topic = fields.first(TOPIC).map(Topic::new).orElse(defaultTopic);
        return UpdateFields.update(List.of(topic), message.json(), fields);
    }

    private static void checkSingle(Parameters fields) {
        for (String name : SINGLE) {
            if (fields.count(name) > 1) {
                throw new InvalidFieldException(
                        name,
                        "is given more than once, in the query and the form together: send it once. An update of"
                                + " several"
                                + " topics can be published at " + HubPaths.MERCURE + ".");
            }
        }
    }
}
