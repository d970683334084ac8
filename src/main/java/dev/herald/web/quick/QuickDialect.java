package dev.herald.web.quick;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.Credentials;
import dev.herald.http.HttpConfig;
import dev.herald.http.HubPaths;
import dev.herald.http.LastEventId;
import dev.herald.http.Parameters;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.selector.TopicSelector;
import dev.herald.web.AuthParameter;
import dev.herald.web.Dialect;
import dev.herald.web.EnvelopeParameter;
import dev.herald.web.Selectors;
import dev.herald.web.SinceParameter;
import dev.herald.web.StreamRequest;
import dev.herald.web.UpdateFields;

/**
 * Parser of the quick API's requests (PROTOCOL Q1–Q10, Q13, Q21). The fields of an update are in the query, or beside
 * {@code message} in a form. Unknown parameters of a publishing request are rejected: a misspelt one, such as
 * {@code privat=on}, would otherwise publish a private update to everyone.
 */
@ApplicationScoped
public class QuickDialect implements Dialect {
    private static final String TOPIC = "topic";

    /** Fields allowed at most once, in the query and the form together. */
    private static final List<String> SINGLE = List.of(TOPIC, UpdateFields.ID, UpdateFields.TYPE, UpdateFields.RETRY);

    private static final Set<String> FIELDS = and(Set.copyOf(SINGLE), UpdateFields.PRIVATE);
    private static final Set<String> IN_QUERY = and(FIELDS, Credentials.PARAMETER);
    private static final Set<String> IN_FORM = and(FIELDS, MessageBody.FIELD);
    private static final String KNOWN = "Known are topic, private, type, id and retry. Nothing was published.";

    private final Topic defaultTopic;
    private final List<TopicSelector> defaultSelectors;

    QuickDialect(HttpConfig config) {
        this.defaultTopic = new Topic(config.topic().defaultName());
        this.defaultSelectors = List.of(new TopicSelector.Exact(defaultTopic));
    }

    private static Set<String> and(Set<String> names, String another) {
        return Stream.concat(names.stream(), Stream.of(another)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public StreamRequest streamRequest(HttpServerRequest request, Parameters parameters) {
        List<TopicSelector> selectors = Selectors.parse(parameters.all(TOPIC));
        return new StreamRequest(
                selectors.isEmpty() ? defaultSelectors : selectors,
                LastEventId.requested(request, parameters),
                SinceParameter.start(parameters),
                AuthParameter.requiresToken(parameters),
                true,
                EnvelopeParameter.isOn(parameters),
                false);
    }

    @Override
    public Function<byte[], Update> updateParser(HttpServerRequest request) {
        Parameters query = Parameters.parse(request.query());
        query.rejectUnknown(IN_QUERY, KNOWN);
        checkSingle(query);
        List<String> types = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (types.size() > 1) {
            throw new RequestRejectedException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "The header 'Content-Type' is given more than once: send one.");
        }
        Optional<String> type = types.stream().findFirst();
        return body -> update(query, MessageBody.parse(type, body));
    }

    private Update update(Parameters query, MessageBody message) {
        message.form().rejectUnknown(IN_FORM, KNOWN);
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
                                + " several topics can be published at " + HubPaths.MERCURE + ", or with 'topics' at "
                                + HubPaths.UPDATES + ".");
            }
        }
    }
}
