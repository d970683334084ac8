package dev.herald.web.mercure;

import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.LastEventId;
import dev.herald.http.Parameters;
import dev.herald.selector.TopicSelector;
import dev.herald.web.Dialect;
import dev.herald.web.Selectors;
import dev.herald.web.StreamRequest;

/** Parser of Mercure's stream requests (PROTOCOL M1, M5; draft-07). */
@ApplicationScoped
class MercureDialect implements Dialect {

    @Override
    public StreamRequest parse(HttpServerRequest request) {
        Parameters query = Parameters.parse(request.query());
        List<TopicSelector> selectors = Selectors.parse(query.all("topic"));
        if (selectors.isEmpty()) {
            throw new InvalidFieldException("topic", "is missing: name at least one.");
        }
        return new StreamRequest(
                selectors,
                LastEventId.asked(request, query),
                Optional.empty(),
                query.first("signals").filter("1"::equals).isPresent(),
                true);
    }
}
