package dev.herald.web.quick;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.Topic;
import dev.herald.http.HttpConfig;
import dev.herald.http.LastEventId;
import dev.herald.http.Parameters;
import dev.herald.selector.TopicSelector;
import dev.herald.web.Dialect;
import dev.herald.web.Selectors;
import dev.herald.web.StreamRequest;

/** Parser of the quick API's stream requests (PROTOCOL Q8–Q10). */
@ApplicationScoped
class QuickDialect implements Dialect {
    private final List<TopicSelector> defaults;

    QuickDialect(HttpConfig config) {
        this.defaults = List.of(new TopicSelector.Exact(new Topic(config.topic().defaultName())));
    }

    @Override
    public StreamRequest parse(HttpServerRequest request) {
        Parameters query = Parameters.parse(request.query());
        List<TopicSelector> selectors = Selectors.parse(query.all("topic"));
        return new StreamRequest(
                selectors.isEmpty() ? defaults : selectors,
                LastEventId.asked(request, query),
                query.firstNotBlank(List.of(SinceParameter.NAME)).map(SinceParameter::parse),
                true,
                false);
    }
}
