package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q18 over HTTP: streams with {@code since=latest}. */
@QuarkusTest
class LatestTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "test/" + UUID.randomUUID();

    private static void awaitLive(EventStream stream) {
        eventually().until(() -> types(stream).contains("live"));
    }

    private static List<String> types(EventStream stream) {
        return stream.messages().stream().map(Message::type).toList();
    }

    /** Publishes by {@code POST /updates}. */
    private void publishUpdate(String json) {
        HubClient.Answer answer = hub.send(
                HttpMethod.POST,
                "/updates",
                Map.of("Content-Type", "application/json"),
                Buffer.buffer(json.replace("$T", topic)));
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic=$/a&topic=$/b", "topic=$/{name}", "topic=$/b&topic=$/{name}&topic=$/a"})
    void q18StreamBeginsWithTheNewestEventOfEachTopicThenReportsLiveThenContinues(String topics) {
        publish(topic + "/a", "\"old\"");
        String b1 = publish(topic + "/b", "\"b1\"");
        String a1 = publish(topic + "/a", "\"a1\"");
        publish(topic + "/c/other", "\"other\"");

        EventStream stream = hub.live("/SSE?since=latest&" + topics.replace("$", topic));
        awaitLive(stream);
        publish(topic + "/a", "\"a2\"");
        publish(topic + "/b", "\"b2\"");

        eventually().until(() -> stream.data().size() == 4);
        assertThat(stream.data()).containsExactly("\"b1\"", "\"a1\"", "\"a2\"", "\"b2\"");
        assertThat(types(stream)).containsExactly("message", "message", "message", "live", "message", "message");
        assertThat(stream.messages().subList(1, 3)).extracting(Message::id).containsExactly(b1, a1);
        assertThat(stream.messages().get(3)).satisfies(live -> {
            assertThat(live.id()).startsWith("#");
            assertThat(live.data()).isEqualTo("{}");
        });
    }

    @Test
    void q18StreamOfATopicWithoutEventsIsLiveAtOnce() {
        EventStream stream = hub.live("/SSE?topic=" + topic + "&since=latest");
        awaitLive(stream);

        publish(topic, "1");

        stream.awaitCount(3);
        assertThat(types(stream)).containsExactly("message", "live", "message");
        assertThat(stream.data()).containsExactly("1");
    }

    /** The newest event of one topic is sent, although its other topic has a newer one. */
    @Test
    void q18EventOfSeveralTopicsIsSentOnce() {
        publishUpdate("[{\"topics\":[\"$T/a\",\"$T/b\",\"$T/c\"],\"data\":[1]},{\"topic\":\"$T/b\",\"data\":[2]}]");

        EventStream stream = hub.live("/SSE?topic=" + topic + "/{name}&since=latest");

        awaitLive(stream);
        assertThat(stream.data()).containsExactly("[1]", "[2]");
    }

    @Test
    void q18ReaderGetsTheNewestEventThatItMayRead() {
        publishUpdate("[{\"topic\":\"$T\",\"data\":[\"public\"]},"
                + "{\"topics\":[\"$T\",\"$T/mine\"],\"data\":[\"private\"],\"private\":true},"
                + "{\"topic\":\"$T/mine/2\",\"data\":[\"private\"],\"private\":true}]");
        String token = TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"$T/mine\"]}}".replace("$T", topic));

        EventStream anybody = hub.live("/SSE?topic=" + topic + "&topic=" + topic + "/mine/2&since=latest");
        EventStream granted = hub.open(
                "/SSE?topic=" + topic + "&topic=" + topic + "/mine/2&since=latest",
                Map.of("Authorization", "Bearer " + token));

        awaitLive(anybody);
        awaitLive(granted);
        assertThat(anybody.data()).containsExactly("[\"public\"]");
        assertThat(granted.data()).containsExactly("[\"private\"]");
    }

    @Test
    void q18LastEventIdTakesPrecedenceSoThatAReconnectionMissesNothing() {
        publish(topic, "0");
        EventStream first = hub.live("/SSE?topic=" + topic + "&since=latest");
        awaitLive(first);
        String live = first.lastEventId();
        first.close();
        IntStream.range(1, 4).forEach(i -> publish(topic, "" + i));

        EventStream resumed = hub.resume("/SSE?topic=" + topic + "&since=latest", live);
        EventStream byId = hub.live("/SSE?topic=" + topic + "&since=latest&lastEventID=latest");

        awaitLive(resumed);
        assertThat(resumed.data()).containsExactly("1", "2", "3");
        awaitLive(byId);
        assertThat(types(byId)).as("'latest' as an id is unknown").contains("gap");
        assertThat(byId.data()).containsExactly("0", "1", "2", "3");
    }

    @Test
    void q18TooManyTopicsAreReportedByAGapBeforeTheNewestOnes() {
        for (int i = 0; i < 10_002; i += 3_334) {
            StringBuilder lines = new StringBuilder();
            for (int j = i; j < i + 3_334; j++) {
                lines.append("{\"topic\":\"")
                        .append(topic)
                        .append('/')
                        .append(j)
                        .append("\",\"data\":[")
                        .append(j)
                        .append("]}\n");
            }
            HubClient.Answer answer = hub.send(
                    HttpMethod.POST,
                    "/updates",
                    Map.of("Content-Type", "application/x-ndjson"),
                    Buffer.buffer(lines.toString()));
            assertThat(answer.status()).isEqualTo(200);
        }

        EventStream stream = hub.live("/SSE?topic=" + topic + "/{number}&since=latest");

        awaitLive(stream);
        assertThat(types(stream).subList(0, 3)).containsExactly("message", "gap", "message");
        assertThat(stream.messages().get(1).data()).isEqualTo("{\"resumedAt\":\"earliest\"}");
        assertThat(stream.data()).hasSize(10_000).startsWith("[2]").endsWith("[10001]");
    }
}
