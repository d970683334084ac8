package dev.herald.web.quick;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.Credentials;
import dev.herald.http.LastEventId;
import dev.herald.http.Parameters;
import dev.herald.hub.ReplayFrom;
import dev.herald.web.SinceParameter;
import dev.herald.web.StreamRequest;
import dev.herald.web.history.HistoryRequest;

/**
 * Parser of a request for past events (PROTOCOL Q16): the parameters of a stream, {@code limit} and {@code wait}. Others
 * are rejected, since a misspelt {@code wait} would make its client poll without a pause.
 */
final class HistoryParameters {
    private static final String LIMIT = "limit";
    private static final String WAIT = "wait";
    private static final Set<String> KNOWN = known();
    private static final Pattern NUMBER = Pattern.compile("0*([0-9]{1,5})");
    private static final Pattern TIME = Pattern.compile("0*([0-9]{1,9})(ms|s|m|h)");

    private HistoryParameters() {}

    private static Set<String> known() {
        Set<String> names = new HashSet<>(LastEventId.parameters());
        names.addAll(Set.of("topic", SinceParameter.NAME, LIMIT, WAIT, "auth", Credentials.PARAMETER));
        return Set.copyOf(names);
    }

    /**
     * Parses a request.
     *
     * @throws InvalidFieldException if a parameter is unknown or invalid
     */
    static HistoryRequest parse(HttpServerRequest request, QuickDialect dialect) {
        Parameters query = Parameters.parse(request.query());
        query.rejectUnknown(KNOWN, "Known are topic, since, limit, wait, lastEventID, auth and authorization.");
        single(query, SinceParameter.NAME);
        StreamRequest stream = dialect.streamRequest(request, query);
        OptionalInt limit = single(query, LIMIT).map(HistoryParameters::limit).orElseGet(OptionalInt::empty);
        Duration wait = single(query, WAIT).map(HistoryParameters::wait).orElse(Duration.ZERO);
        return new HistoryRequest(startingAt(stream, limit), limit, wait);
    }

    /** Without a start, it is the newest events, as many as the answer may have. */
    private static StreamRequest startingAt(StreamRequest stream, OptionalInt limit) {
        return new StreamRequest(
                stream.selectors(),
                stream.lastEventId(),
                stream.since().or(() -> Optional.of(new ReplayFrom.Latest(limit.orElse(HistoryRequest.DEFAULT_LIMIT)))),
                stream.tokenRequired(),
                stream.signals(),
                stream.envelope(),
                stream.echoesStart());
    }

    /** The value that is not blank, if there is one. */
    private static Optional<String> single(Parameters query, String name) {
        if (query.count(name) > 1) {
            throw new InvalidFieldException(name, "is given more than once: send it once.");
        }
        return query.firstNotBlank(List.of(name));
    }

    private static OptionalInt limit(String text) {
        Matcher number = NUMBER.matcher(text);
        int limit = number.matches() ? Integer.parseInt(number.group(1)) : 0;
        if (limit < 1 || limit > HistoryRequest.MAX_LIMIT) {
            throw new InvalidFieldException(
                    LIMIT,
                    "must be a number from 1 to " + HistoryRequest.MAX_LIMIT
                            + ". Read more events with the cursor in 'next'. For all events, leave it out and send"
                            + " 'since=earliest' and 'Accept: application/x-ndjson'.");
        }
        return OptionalInt.of(limit);
    }

    private static Duration wait(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new InvalidFieldException(
                    WAIT, "must be a number with a unit, ms, s or m, such as 30s, and at most " + maxWait() + ".");
        }
        long number = Long.parseLong(time.group(1));
        Duration wait =
                switch (time.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
        if (wait.compareTo(HistoryRequest.MAX_WAIT) > 0) {
            throw new InvalidFieldException(
                    WAIT, "must be at most " + maxWait() + ". Send the request again after an empty answer.");
        }
        return wait;
    }

    private static String maxWait() {
        return HistoryRequest.MAX_WAIT.toMinutes() + "m";
    }
}
