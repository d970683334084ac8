package dev.herald.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Tokens;
import dev.herald.hub.Hub;
import dev.herald.web.PastEvents.Document;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 for monitors that poll for changes of active subscriptions (PROTOCOL M42). */
@QuarkusTest
@TestProfile(GuardedHub.class)
class PolledSubscriptionsTest {
    private static final String SUBSCRIPTIONS = "/.well-known/mercure/subscriptions/{topic}/{subscriber}";
    private static final Map<String, String> READER = Map.of("Authorization", "Bearer " + Tokens.subscriber("*"));

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Hub server;

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();

    /** Otherwise it would be answered at once, by its own beginning, again and again. */
    @Test
    void q16PollIsNotASubscriptionThatItWaitsFor() {
        String query = "topic=" + PastEvents.escaped(SUBSCRIPTIONS) + "&wait=5m&";
        String since =
                past.read(query.replace("5m", "1ms") + "since=earliest", READER).since();
        int before = server.subscribers();
        Future<Document> answer = past.reading(query + since, READER);
        eventually().until(() -> server.subscribers() > before || answer.isComplete());

        hub.open("/.well-known/mercure?topic=" + topic);

        assertThat(topicsUntilThatStream(answer, query))
                .noneMatch(changed -> changed.contains(PastEvents.escaped(SUBSCRIPTIONS)));
    }

    /** Topics of all changes up to the stream's. */
    private List<String> topicsUntilThatStream(Future<Document> first, String query) {
        List<String> topics = new ArrayList<>();
        Document page = Patience.done(first.toCompletionStage());
        while (true) {
            page.events()
                    .forEach(event -> topics.add(event.getJsonArray("topics").getString(0)));
            if (topics.stream().anyMatch(changed -> changed.contains(PastEvents.escaped(topic)))) {
                return topics;
            }
            page = past.read(query + page.since(), READER);
        }
    }
}
