package dev.herald.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.PastEvents.Document;

import static dev.herald.web.PastEvents.escaped;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 over HTTP: documents with past events. */
@QuarkusTest
class HistoryTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic;

    private String publish(int number) {
        return HubClient.publish(topic, "{\"n\":" + number + "}");
    }

    private List<String> publish(int from, int to) {
        String body = IntStream.range(from, to)
                .mapToObj(n -> "{\"topic\":\"" + topic + "\",\"data\":{\"n\":" + n + "}}")
                .collect(Collectors.joining("\n"));
        Answer answer =
                hub.send(HttpMethod.POST, "/updates", Map.of("Content-Type", PastEvents.LINES), Buffer.buffer(body));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body())
                .getJsonArray("ids").stream().map(String.class::cast).toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static Map<String, String> bearer(String claims) {
        return Map.of("Authorization", "Bearer " + TokenMint.wellKnown().token(claims));
    }

    private static Map<String, String> reader(String selector) {
        return bearer("{\"mercure\":{\"subscribe\":[\"" + selector + "\"]}}");
    }

    @Test
    void q16EventHasItsMembers() {
        Instant before = Instant.now().minusMillis(1);
        Answer published = hub.send(
                HttpMethod.POST,
                "/updates",
                Map.of("Content-Type", "application/json"),
                Buffer.buffer("[{\"topics\":[\"" + topic + "\",\"other\"],\"data\":\"a\\ntext\",\"type\":\"note\","
                        + "\"id\":\"urn:example:" + topic + "\"}]"));
        assertThat(published.status()).isEqualTo(200);

        JsonObject event = past.read(selected).events().get(0);

        assertThat(event.fieldNames()).containsExactly("id", "topics", "type", "private", "time", "data");
        assertThat(event.getString("id")).isEqualTo("urn:example:" + topic);
        assertThat(event.getJsonArray("topics")).isEqualTo(new JsonArray(List.of(topic, "other")));
        assertThat(event.getString("type")).isEqualTo("note");
        assertThat(event.getBoolean("private")).isFalse();
        assertThat(Instant.parse(event.getString("time"))).isBetween(before, Instant.now());
        assertThat(event.getString("data")).isEqualTo("a\ntext");
    }

    @Test
    void q16WithoutAStartItIsTheLatestEvents() {
        publish(0, 120);

        assertThat(past.read(selected).numbers()).isEqualTo(range(20, 120));
        assertThat(past.read(selected + "&limit=7").numbers()).isEqualTo(range(113, 120));
        assertThat(past.read(selected + "&limit=1000&since=").numbers()).isEqualTo(range(0, 120));
        assertThat(past.read(selected + "&since=30&limit=10").numbers()).isEqualTo(range(90, 100));
    }

    /** Positions are those of streams (PROTOCOL Q21), which have tests for each. */
    @Test
    void q16EachKindOfPositionIsAccepted() {
        String cursor = hub.live("/SSE?topic=" + topic).lastEventId();
        List<String> ids = publish(0, 5);
        String id = ids.get(1);
        String next = past.read(selected + "&since=earliest&limit=2").next();

        assertThat(past.read(selected + "&since=earliest").numbers()).isEqualTo(range(0, 5));
        assertThat(past.read(selected + "&since=" + escaped(cursor)).numbers()).isEqualTo(range(0, 5));
        assertThat(past.read(selected + "&since=" + escaped(next)).numbers()).isEqualTo(range(2, 5));
        assertThat(past.read(selected + "&since=" + id).numbers()).isEqualTo(range(2, 5));
        assertThat(past.read(selected, Map.of("Last-Event-ID", id)).numbers()).isEqualTo(range(2, 5));
        for (String name : List.of("lastEventID", "lastEventId", "last_event_id", "last-event-id", "Last-Event-ID")) {
            Document document = past.read(selected + "&since=earliest&" + name + "=" + id);
            assertThat(document.numbers()).as(name).isEqualTo(range(2, 5));
            assertThat(document.gap()).isFalse();
        }
    }

    @Test
    void q16SelectorsAreThoseOfStreams() {
        publish(0, 3);
        HubClient.publish(topic + "/b", "{\"n\":3}");
        HubClient.publish("lobby", "{\"n\":4}");

        assertThat(past.read(selected + "&topic=" + topic + "%2F%7Bid%7D").numbers())
                .isEqualTo(range(0, 4));
        assertThat(past.read("topic=*&limit=1").numbers()).containsExactly(4);
        assertThat(past.read("limit=1").numbers()).containsExactly(4);
    }

    @Test
    void q16ReaderThatFollowsNextGetsEachEventOnceWhileOthersPublish() {
        int updates = 400;
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (int n = 0; n < updates; n += 10) {
                publish(n, n + 10);
                HubClient.publish(topic + "/other", "{}");
            }
        });
        List<Integer> read = new ArrayList<>();
        boolean published = false;
        Document page = past.read(selected + "&since=earliest&limit=7");
        while (!published || !page.events().isEmpty()) {
            read.addAll(page.numbers());
            assertThat(page.gap()).isFalse();
            published = publishing.isDone();
            page = past.read(selected + "&limit=7&wait=100ms&" + page.since());
        }

        Patience.done(publishing);
        assertThat(read).isEqualTo(range(0, updates));
    }

    @Test
    void q18LatestIsTheNewestEventOfEachTopicThatTheReaderMayRead() {
        for (String name : List.of("/a", "/b", "/a", "/c", "/b")) {
            HubClient.publish(topic + name, "{\"n\":" + name.charAt(1) % 'a' + "}");
        }
        hub.send(HttpMethod.POST, "/message?topic=" + topic + "/c&private", Map.of(), Buffer.buffer("{\"n\":9}"));
        String each = "topic=" + topic + "%2F%7Bid%7D&since=latest";

        Document state = past.read(each);
        HubClient.publish(topic + "/a", "{\"n\":7}");

        assertThat(state.numbers()).containsExactly(0, 2, 1);
        assertThat(state.gap()).isFalse();
        assertThat(past.read("topic=*&" + state.since()).numbers()).contains(7);
        assertThat(past.read(each, reader("*")).numbers()).containsExactly(1, 9, 7);
        assertThat(past.lines(each).numbers()).containsExactly(2, 1, 7);
        assertThat(past.read(each + "&limit=1").numbers()).containsExactly(2);
        assertThat(past.read("topic=none" + topic + "&since=latest").events()).isEmpty();
    }

    @Test
    void q16StreamContinuesFromNext() {
        publish(0, 10);
        Document page = past.read(selected + "&since=earliest&limit=4");

        EventStream stream = hub.open("/SSE?" + selected + "&lastEventID=" + escaped(page.next()));
        stream.awaitCount(7);
        publish(10);
        stream.awaitCount(8);

        assertThat(stream.messages().stream().skip(1).map(Message::data))
                .isEqualTo(range(4, 11).stream().map(n -> "{\"n\":" + n + "}").toList());
    }

    @Test
    void q16NextOfAnEmptyPageContinues() {
        Document empty = past.read(selected + "&since=earliest");
        assertThat(empty.events()).isEmpty();
        assertThat(empty.gap()).isFalse();

        publish(0, 2);

        Document page = past.read(selected + "&" + empty.since());
        assertThat(page.numbers()).isEqualTo(range(0, 2));
        assertThat(page.gap()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"urn:uuid:unknown", "#AAAA", "99999999999999x", "\u0007"})
    void q16UnknownPositionIsAGapBeforeWhatIsLeft(String id) {
        publish(0, 2);

        Document page = past.read(selected + "&lastEventID=" + escaped(id));

        assertThat(page.gap()).isTrue();
        assertThat(page.numbers()).isEqualTo(range(0, 2));
        assertThat(past.read(selected + "&" + page.since()).gap()).isFalse();
    }

    @Test
    void q16PrivateEventsNeedTheirGrant() {
        publish(0);
        hub.send(HttpMethod.POST, "/message?topic=" + topic + "&private", Map.of(), Buffer.buffer("{\"n\":2}"));
        publish(3);

        assertThat(past.read(selected).numbers()).containsExactly(0, 3);
        assertThat(past.read(selected, reader("elsewhere")).numbers()).containsExactly(0, 3);
        Document granted = past.read(selected, reader(topic));
        assertThat(granted.numbers()).containsExactly(0, 2, 3);
        assertThat(granted.events().get(1).getBoolean("private")).isTrue();
        assertThat(past.lines(
                                selected + "&since=earliest",
                                Map.of(
                                        "Accept",
                                        PastEvents.LINES,
                                        "Authorization",
                                        reader(topic).get("Authorization")))
                        .numbers())
                .containsExactly(0, 2, 3);
    }

    @Test
    void q16IdOfAForbiddenEventIsAnsweredLikeAnUnknownOne() {
        publish(0);
        Answer published =
                hub.send(HttpMethod.POST, "/message?topic=" + topic + "&private", Map.of(), Buffer.buffer("{\"n\":1}"));
        String secret = published.header("Event-ID");

        Answer forbidden = past.get(selected + "&since=" + secret);
        Answer unknown = past.get(selected + "&since=urn:uuid:" + UUID.randomUUID());

        assertThat(withoutCursor(forbidden.body()))
                .isEqualTo(withoutCursor(unknown.body()))
                .contains("\"gap\":true");
        assertThat(forbidden.header("ETag")).isEqualTo(unknown.header("ETag"));
        assertThat(past.read(selected + "&since=" + secret, reader(topic)).gap())
                .isFalse();
    }

    private static String withoutCursor(String body) {
        return body.replaceFirst("\"next\":\"#[^\"]{70}\"", "");
    }

    @Test
    void q16PurgedEventIsLeftOutAndNoGap() {
        String first = publish(0);
        publish(1, 3);
        Answer purged = hub.send(
                HttpMethod.DELETE,
                "/admin/events?id=" + first,
                bearer("{\"mercure\":{\"admin\":true}}"),
                Buffer.buffer());
        assertThat(purged.status()).as(purged.body()).isEqualTo(200);

        Document page = past.read(selected + "&since=earliest");
        assertThat(page.numbers()).isEqualTo(range(1, 3));
        assertThat(page.gap()).isFalse();
        assertThat(past.read(selected + "&since=" + first).numbers()).isEqualTo(range(1, 3));
    }

    /** More than fits into one document: it ends before its limit, and the next one continues. */
    @Test
    void q16DocumentOfLargeEventsEndsEarlyAndNextContinues() {
        String padding = "x".repeat(100_000);
        IntStream.range(0, 8)
                .forEach(n -> HubClient.publish(topic, "{\"n\":" + n + ",\"padding\":\"" + padding + "\"}"));
        List<Integer> read = new ArrayList<>();
        Document page = past.read(selected + "&since=earliest&limit=1000");
        assertThat(page.events()).hasSizeBetween(2, 4);
        while (!page.events().isEmpty()) {
            read.addAll(page.numbers());
            page = past.read(selected + "&limit=1000&" + page.since());
        }

        assertThat(read).isEqualTo(range(0, 8));
    }
}
