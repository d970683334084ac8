package dev.herald.web;

import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
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

    /** Events for others neither end a wait nor make its cursor expire. */
    @Test
    void q16CursorOfAWaitDoesNotExpireWhileOthersPublish() {
        Document before = past.read(selected + "&since=earliest");
        Future<Document> waiting = past.reading(selected + "&wait=5m&" + before.since(), java.util.Map.of());
        publish(topic + "/other", 2 * ShortRetentionProfile.EVENTS);

        String id = HubClient.publish(topic, "{\"n\":1}");

        Document page = Patience.done(waiting.toCompletionStage());
        assertThat(page.ids()).containsExactly(id);
        assertThat(page.gap()).isFalse();
    }
}
