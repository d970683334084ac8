package dev.herald.web;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.VerificationUnavailableException;
import dev.herald.event.InvalidFieldException;
import dev.herald.http.BodyReader;
import dev.herald.http.Credentials;
import dev.herald.http.LastEventId;
import dev.herald.http.Parameters;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.http.Text;
import dev.herald.hub.EndNotice;
import dev.herald.hub.StartPosition;
import dev.herald.memory.Reservation;

/**
 * Reader of the form in the body of a request for a stream (PROTOCOL Q19), for both dialects. Its fields are the
 * parameters of the URL, which may have some of them, too. Used on the request's event loop.
 */
@ApplicationScoped
public class SubscriptionForm {
    /** Method of a safe request with a body (draft-ietf-httpbis-safe-method-w-body). */
    private static final HttpMethod QUERY = HttpMethod.valueOf(QueryMethod.NAME);

    private static final String ACCEPT_QUERY = "Accept-Query";
    private static final String TOPIC = "topic";
    private static final String LAST_EVENT_ID = "lastEventID";

    /** More fields than any valid form has: bounds the cost of parsing. */
    private static final int MAX_FIELDS = 2 * Selectors.MAX;

    private final BodyReader bodies;

    public SubscriptionForm(BodyReader bodies) {
        this.bodies = bodies;
    }

    /** Whether a request for a stream has a form. */
    static boolean isIn(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST) || request.method().equals(QUERY);
    }

    /**
     * Reads the form, and returns the parameters of the URL followed by its fields. Must be called on the request's
     * event loop; completes there.
     *
     * <p>Fails with {@link RequestRejectedException} if the body has another type, or as {@link BodyReader} does; with
     * {@link InvalidFieldException} if there are too many fields, a parameter other than {@code topic} is in the URL and
     * in the form, or the form has a token: a token is verified before a body is read.
     *
     * @param head memory of the rest of the request. Its budget is not that of bodies, which anonymous readers could
     *     take from publishers
     */
    CompletionStage<Parameters> read(HttpServerRequest request, Reservation head) {
        requireForm(request);
        Parameters query = Parameters.parse(request.query());
        return bodies.read(request, body -> combined(query, fields(body)), head).subscribeAsCompletionStage();
    }

    /**
     * The rejection by which a stream ends at once, if its form could not be read for a temporary reason (PROTOCOL E8).
     * A browser gives up after a 503.
     */
    static Optional<StartPosition> temporaryRefusal(Throwable failure) {
        if (failure instanceof VerificationUnavailableException) {
            return Optional.of(StartPosition.RETRY_LATER);
        }
        if (!(failure instanceof RequestRejectedException rejection)) {
            return Optional.empty();
        }
        return switch (rejection.type()) {
            case OVERLOADED -> Optional.of(StartPosition.RETRY_LATER);
            case LOG_UNAVAILABLE -> Optional.of(new StartPosition.RetryLater(EndNotice.DRAINING));
            default -> Optional.empty();
        };
    }

    private static void requireForm(HttpServerRequest request) {
        if (!Parameters.isForm(request.headers().getAll(HttpHeaders.CONTENT_TYPE))) {
            request.response().putHeader(ACCEPT_QUERY, Parameters.FORM);
            throw new RequestRejectedException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The body that selects a stream must be a form: send it with 'Content-Type: " + Parameters.FORM
                            + "'. To publish, use POST /message.");
        }
    }

    private static Parameters fields(byte[] body) {
        String form = Text.form(body);
        if (form.chars().filter(c -> c == '&').count() >= MAX_FIELDS) {
            throw new InvalidFieldException(
                    TOPIC,
                    "is given too often: the form has more than " + MAX_FIELDS + " fields, and a stream selects with at"
                            + " most " + Selectors.MAX + " topics. Select with URI Templates or '*', or open several"
                            + " streams.");
        }
        return Parameters.parse(form);
    }

    private static Parameters combined(Parameters query, Parameters form) {
        if (form.has(Credentials.PARAMETER)) {
            throw new InvalidFieldException(
                    Credentials.PARAMETER,
                    "cannot be a field of the form, since the token is verified before the body is read: send it in the"
                            + " header 'Authorization'.");
        }
        if (LastEventId.isIn(query) && LastEventId.isIn(form)) {
            throw new InvalidFieldException(LAST_EVENT_ID, "is in the URL and in the form: send it in one of them.");
        }
        return query.andForm(form, Set.of(TOPIC));
    }
}
