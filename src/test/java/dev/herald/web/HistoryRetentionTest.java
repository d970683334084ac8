package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.PastEvents.Document;

import static dev.herald.web.PastEvents.escaped;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 and E6: past events that retention has removed. */
@QuarkusTest
@TestProfile(ShortRetentionProfile.class)
class HistoryRetentionTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic;

    private void publish(String to, int count) {
        IntStream.range(0, count).forEach(n -> HubClient.publish(to, "{\"n\":" + n + "}"));
    }

    @Test
    void q16PositionThatHasExpiredIsAGapBeforeTheEventsThatAreLeft() {
        String id = HubClient.publish(topic, "{\"n\":-1}");
        String cursor = past.read(selected).next();
        publish(topic, ShortRetentionProfile.EVENTS + 50);

        for (String since : new String[] {id, cursor}) {
            Document page = past.read(selected + "&limit=5&since=" + escaped(since));
            assertThat(page.gap()).as(since).isTrue();
            assertThat(page.numbers().get(0)).isPositive();
            Document rest = past.lines(selected + "&" + page.since());
            assertThat(rest.gap()).isFalse();
            assertThat(rest.numbers().get(0)).isEqualTo(page.numbers().get(4) + 1);
            assertThat(past.lines(selected + "&since=" + escaped(since)).gap()).isTrue();
        }
    }

    @Test
    void q16EarliestIsNoGap() {
        publish(topic, ShortRetentionProfile.EVENTS + 10);

        Document page = past.read(selected + "&since=earliest&limit=1000");

        assertThat(page.gap()).isFalse();
        assertThat(page.numbers()).hasSizeBetween(1, ShortRetentionProfile.EVENTS + 10);
    }

    /** Events of presence are not kept (PROTOCOL M42): they must not take the place of the newest updates. */
    @Test
    void q16EventsThatAreNotKeptDoNotCountForTheLimit() {
        String changes = "/.well-known/mercure/subscriptions/" + escaped(topic) + "{/subscriber}";
        String claims = "{\"mercure\":{\"subscribe\":[\"" + changes + "\"]}}";
        TokenMint mint = TokenMint.hmac("HS256", TokenMint.SUBSCRIBERS_SECRET.getBytes(StandardCharsets.UTF_8));
        Map<String, String> reader = Map.of("Authorization", "Bearer " + mint.token(claims));
        EventStream watching = hub.open("/SSE?topic=" + escaped(changes), reader);
        String before = HubClient.publish(topic, "{\"n\":0}");
        String first = HubClient.publish(topic, "{\"n\":1}");
        hub.live("/SSE?topic=" + topic);
        hub.live("/SSE?topic=" + topic);
        watching.awaitCount(3);
        String second = HubClient.publish(topic, "{\"n\":2}");
        hub.live("/SSE?topic=" + topic);
        watching.awaitCount(4);
        String query = selected + "&topic=" + escaped(changes) + "&limit=2";

        Document newest = past.read(query, reader);
        Document next = past.read(query + "&since=" + before, reader);
        Document lines = past.lines(query + "&since=" + before, with(reader, "Accept", PastEvents.LINES));

        assertThat(newest.ids()).hasSize(4).startsWith(first).endsWith(second);
        assertThat(next.ids()).isEqualTo(newest.ids());
        assertThat(lines.ids()).isEqualTo(newest.ids());
        assertThat(past.read(query + "&" + newest.since(), reader).ids()).hasSize(1);
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(name, value);
        return all;
    }

    /** Events for others neither end a wait nor make its cursor expire. */
    @Test
    void q16CursorOfAWaitDoesNotExpireWhileOthersPublish() {
        Document before = past.read(selected + "&since=earliest");
        Future<Document> waiting = past.reading(selected + "&wait=5m&" + before.since(), Map.of());
        publish(topic + "/other", 2 * ShortRetentionProfile.EVENTS);

        String id = HubClient.publish(topic, "{\"n\":1}");

        Document page = Patience.done(waiting.toCompletionStage());
        assertThat(page.ids()).containsExactly(id);
        assertThat(page.gap()).isFalse();
    }
}
