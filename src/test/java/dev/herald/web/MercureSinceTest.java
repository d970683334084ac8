package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q10 and Q18 on Mercure's path. */
@QuarkusTest
class MercureSinceTest {
    private static final String PATH = "/.well-known/mercure";
    private static final String FORM = "application/x-www-form-urlencoded";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic + "/%7Bname%7D";

    private static List<String> types(EventStream stream) {
        eventually().until(() -> stream.messages().stream()
                .anyMatch(message -> message.type().equals("live")));
        return stream.messages().stream().map(Message::type).toList();
    }

    @Test
    void q18StreamBeginsWithTheNewestEventOfEachTopic() {
        HubClient.publish(topic + "/a", "1");
        HubClient.publish(topic + "/b", "2");
        HubClient.publish(topic + "/a", "3");

        EventStream stream = hub.open(PATH + "?signals=1&since=latest&" + selected);
        EventStream byForm =
                hub.open(HttpMethod.valueOf("QUERY"), PATH + "?signals=1", Map.of(), "since=latest&" + selected);

        for (EventStream state : List.of(stream, byForm)) {
            assertThat(types(state)).containsExactly("message", "message", "message", "live");
            assertThat(state.data()).containsExactly("2", "3");
        }
    }

    @Test
    void q10StreamBeginsWithTheLatestEvents() {
        for (int i = 0; i < 5; i++) {
            HubClient.publish(topic + "/a", "" + i);
        }

        EventStream stream = hub.open(PATH + "?signals=1&since=2&" + selected);

        assertThat(types(stream)).containsExactly("message", "message", "message", "live");
        assertThat(stream.data()).containsExactly("3", "4");
    }

    @Test
    void q18SinceWithoutSignalsIsRejectedWithTheRemedy() {
        Answer byUrl = hub.send(HttpMethod.GET, PATH + "?since=latest&" + selected, Map.of(), Buffer.buffer());
        Answer byForm = hub.send(
                HttpMethod.valueOf("QUERY"),
                PATH,
                Map.of("Content-Type", FORM),
                Buffer.buffer("since=latest&" + selected));

        for (Answer answer : List.of(byUrl, byForm)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(new JsonObject(answer.body()).getString("detail")).contains("'since' requires 'signals=1'");
        }
    }

    @Test
    void q21EmptySinceIsAbsent() {
        EventStream stream = hub.open(PATH + "?since=&" + selected);

        HubClient.publish(topic + "/a", "1");

        stream.awaitCount(1);
        assertThat(stream.data()).containsExactly("1");
    }
}
