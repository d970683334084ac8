package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static dev.herald.web.PastEvents.escaped;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of invariant 6: requests for past events whose topics are expensive to match wait for each other, and delay
 * neither publishing nor live events.
 */
@QuarkusTest
class ExpensiveHistoryTest {
    private static final int EVENTS = 200;
    private static final int REQUESTS = 30;
    private static final int ROUND_TRIPS = 10;

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Hub server;

    private final String topic = UUID.randomUUID().toString();

    private void publishLongTopics() {
        String lines = IntStream.range(0, EVENTS)
                .mapToObj(i -> "{\"topic\":\"" + topic + "a".repeat(300) + i + "!\",\"data\":\"\"}")
                .collect(Collectors.joining("\n"));
        Answer answer = hub.send(
                HttpMethod.POST, "/updates", Map.of("Content-Type", "application/x-ndjson"), Buffer.buffer(lines));
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void invariant6ExpensiveRequestsDelayNoLiveEvent() {
        String since = new PastEvents(hub).read("topic=" + topic).since();
        publishLongTopics();
        EventStream live = hub.live("/SSE?topic=" + topic);
        // Each match takes some hundred microseconds.
        String uri = "/updates?" + since + "&topic=" + escaped("{a}{b}{c}".repeat(400) + "!");

        List<Future<Answer>> answers = IntStream.range(0, REQUESTS)
                .mapToObj(i -> hub.sending(HttpMethod.GET, uri, Map.of(), Buffer.buffer()))
                .toList();
        eventually().until(() -> server.waitingMatches() > REQUESTS / 2);
        for (int i = 0; i < ROUND_TRIPS; i++) {
            HubClient.publish(topic, "" + i);
            live.awaitCount(i + 2);
        }

        assertThat(answers).as("requests that have not ended").anyMatch(answer -> !answer.isComplete());
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(done(answer.toCompletionStage()).status()).isEqualTo(200));
    }
}
