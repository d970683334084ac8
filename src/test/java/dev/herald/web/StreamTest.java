package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the stream clauses PROTOCOL E1–E11 over HTTP, with few retained events and frequent heartbeats. */
@QuarkusTest
@TestProfile(ShortRetentionProfile.class)
class StreamTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void e1SendsTheHeadBeforeAnyEvent() {
        EventStream stream = hub.open("/SSE?topic=" + topic);

        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.headers().get("Content-Type")).startsWith("text/event-stream");
        assertThat(stream.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(stream.headers().get("X-Accel-Buffering")).isEqualTo("no");
        assertThat(stream.awaitCount(1).retryMillis()).isEqualTo(1_234);
    }

    @Test
    void e2MultilineDataArrivesAsSent() {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        publish(topic, "{\n\r\n\"a\"\r:\r\n1}");

        stream.awaitCount(2);
        assertThat(stream.data()).as("every line end is a newline to a client").containsExactly("{\n\n\"a\"\n:\n1}");
    }

    @Test
    void e4IdleStreamGetsCommentsThatFireNoEvent() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String first = stream.lastEventId();
        publish("elsewhere", "1");

        eventually().until(() -> stream.comments() >= 2);

        assertThat(stream.count()).isEqualTo(1);
        assertThat(stream.lastEventId()).isEqualTo(first).startsWith("#");
    }

    @Test
    void e5EventsArriveOnceInOrderAcrossReplayAndLive() {
        String id = publish(topic, "0");
        IntStream.range(1, 100).forEach(i -> publish(topic, "" + i));
        EventStream stream = hub.resume("/SSE?topic=" + topic, id);

        IntStream.range(100, 150).forEach(i -> publish(topic, "" + i));

        stream.awaitCount(150);
        assertThat(stream.data()).isEqualTo(numbers(1, 150));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "#garbage", "käse 🧀", "\"quoted\" \\ <id>", "{}", " inner  blanks ", "0"})
    void e6UnknownIdIsAGapAndNotAnError(String id) {
        publish(topic, "0");

        EventStream stream = hub.open("/SSE?topic=" + topic + "&lastEventID="
                + java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8));

        stream.awaitCount(3);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.messages().get(1).type()).isEqualTo("gap");
        assertThat(stream.messages().get(1).id()).startsWith("#");
        assertThat(gap(stream.messages().get(1))).isEqualTo(Map.of("requested", id.strip(), "resumedAt", "earliest"));
        assertThat(stream.messages().get(2).data()).isEqualTo("0");
    }

    @Test
    void e6IdOf10KilobytesIsAGap() {
        String id = "x".repeat(10 << 10);

        EventStream stream = hub.resume("/SSE?topic=" + topic, id);

        stream.awaitCount(2);
        assertThat(gap(stream.messages().get(1))).containsEntry("requested", id);
    }

    @Test
    void e6IdInUtf8IsDecodedAsUtf8() {
        byte[] utf8 = "käse".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String onTheWire = new String(utf8, java.nio.charset.StandardCharsets.ISO_8859_1);

        EventStream stream = hub.resume("/SSE?topic=" + topic, onTheWire);

        stream.awaitCount(2);
        assertThat(gap(stream.messages().get(1))).containsEntry("requested", "käse");
    }

    @Test
    void q10SinceNReplaysAllRetainedEventsWithoutAGap() {
        IntStream.range(0, 150).forEach(i -> publish(topic, "" + i));
        IntStream.range(0, 100).forEach(i -> publish("elsewhere", "" + i));

        EventStream stream = hub.live("/SSE?topic=" + topic + "&since=1000");

        stream.awaitCount(102);
        assertThat(stream.data()).isEqualTo(numbers(50, 150));
        assertThat(stream.messages()).extracting(Message::type).doesNotContain("gap");
    }

    @Test
    void e5EventsArriveOnceInOrderAcrossTheLatestAndLive() {
        IntStream.range(0, 100).forEach(i -> publish(topic, "" + i));
        EventStream stream = hub.open("/SSE?topic=" + topic + "&since=20");

        IntStream.range(100, 150).forEach(i -> publish(topic, "" + i));

        stream.awaitCount(72);
        assertThat(stream.data()).isEqualTo(numbers(80, 150));
    }

    @Test
    void e6EmptyIdIsAbsent() {
        publish(topic, "0");

        EventStream stream = hub.open("/SSE?topic=" + topic + "&lastEventID=", Map.of("Last-Event-ID", ""));

        stream.awaitCount(1);
        publish(topic, "1");
        stream.awaitCount(2);
        assertThat(stream.messages()).extracting(Message::type).containsOnly("message");
        assertThat(stream.data()).containsExactly("1");
    }

    @Test
    void e6IdRemovedByRetentionIsAGap() {
        String id = publish(topic, "0");
        IntStream.range(1, 251).forEach(i -> publish(topic, "" + i));

        EventStream stream = hub.resume("/SSE?topic=" + topic, id);

        stream.awaitCount(202);
        assertThat(gap(stream.messages().get(1))).containsEntry("requested", id);
        assertThat(stream.data()).isEqualTo(numbers(51, 251));
    }

    @Test
    void e6CursorOfAGapResumesAfterIt() {
        publish(topic, "0");
        EventStream first = hub.resume("/SSE?topic=" + topic, "unknown");
        first.awaitCount(3);
        String cursor = first.messages().get(1).id();

        EventStream second = hub.resume("/SSE?topic=" + topic, cursor);

        second.awaitCount(2);
        assertThat(second.messages()).extracting(Message::type).containsOnly("message");
        assertThat(second.data()).containsExactly("0");
    }

    @Test
    void e11ClientDisconnectedBeforeItsFirstEventResumesExactly() {
        EventStream first = hub.live("/SSE?topic=" + topic);
        String cursor = first.lastEventId();
        first.close();
        publish(topic, "\"missed\"");

        EventStream second = hub.resume("/SSE?topic=" + topic, cursor);

        second.awaitCount(2);
        assertThat(second.messages()).extracting(Message::type).containsOnly("message");
        assertThat(second.data()).containsExactly("\"missed\"");
    }

    private static Map<String, Object> gap(Message message) {
        assertThat(message.type()).isEqualTo("gap");
        return io.restassured.path.json.JsonPath.from(message.data()).getMap("");
    }
}
