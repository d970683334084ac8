package dev.herald.web.mercure;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.Credentials;
import dev.herald.http.LastEventId;
import dev.herald.http.Parameters;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.http.Text;
import dev.herald.hub.ReplayFrom;
import dev.herald.selector.TopicSelector;
import dev.herald.web.AuthParameter;
import dev.herald.web.Dialect;
import dev.herald.web.EnvelopeParameter;
import dev.herald.web.Selectors;
import dev.herald.web.SinceParameter;
import dev.herald.web.StreamRequest;
import dev.herald.web.UpdateFields;

/**
 * Parser of Mercure's requests (PROTOCOL M1, M5, M10–M13; draft-07). Unknown fields of a publishing form are ignored,
 * as the specification requires; an empty field is absent.
 */
@ApplicationScoped
public class MercureDialect implements Dialect {
    private static final String TOPIC = "topic";
    private static final int MAX_TOPICS = 1_000;

    /** A form field in the query would be lost, and with {@code private} the privacy of the update. */
    private static final Set<String> IN_QUERY = Set.of(Credentials.PARAMETER);

    @Override
    public StreamRequest streamRequest(HttpServerRequest request, Parameters parameters) {
        List<TopicSelector> selectors = Selectors.parse(parameters.all(TOPIC));
        if (selectors.isEmpty()) {
            throw new InvalidFieldException(TOPIC, "is missing: name at least one.");
        }
        boolean signals = parameters.first("signals").filter("1"::equals).isPresent();
        return new StreamRequest(
                selectors,
                LastEventId.requested(request, parameters),
                since(parameters, signals),
                AuthParameter.requiresToken(parameters),
                signals,
                EnvelopeParameter.isOn(parameters),
                true);
    }

    /** Without signals a client could not know what is missing, nor where the requested events end (PROTOCOL E6). */
    private static Optional<ReplayFrom> since(Parameters parameters, boolean signals) {
        Optional<ReplayFrom> since = SinceParameter.start(parameters);
        if (since.isPresent() && !signals) {
            throw new InvalidFieldException(
                    SinceParameter.NAME,
                    "requires 'signals=1' here: an event reports the end of the events that it asks for. Add it, or"
                            + " send an id as 'lastEventID'.");
        }
        return since;
    }

    @Override
    public Function<byte[], Update> updateParser(HttpServerRequest request) {
        Parameters.parse(request.query()).rejectUnknown(IN_QUERY, "Send it as a field of the form in the body.");
        if (!Parameters.isForm(request.headers().getAll(HttpHeaders.CONTENT_TYPE))) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_FORM,
                    "The body is not a form: send it with 'Content-Type: " + Parameters.FORM + "'.");
        }
        return MercureDialect::update;
    }

    private static Update update(byte[] body) {
        Parameters form = Parameters.parse(Text.form(body));
        return UpdateFields.update(topics(form), form.first("data").orElse(""), form);
    }

    private static List<Topic> topics(Parameters form) {
        List<String> names = form.all(TOPIC);
        if (names.size() > MAX_TOPICS) {
            throw new RequestRejectedException(
                    ProblemType.TOO_MANY_TOPICS, "An update has at most " + MAX_TOPICS + " topics: send fewer.");
        }
        return names.stream().map(Topic::new).distinct().toList();
    }
}
