package dev.herald.mercure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.ShortRetentionProfile;

import static dev.herald.Patience.eventually;
import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.MercureHub.uniqueTopic;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M5, M42, E5 and E6 on a hub that retains few events. */
@QuarkusTest
@TestProfile(ShortRetentionProfile.class)
class ShortMemoryTest {
    @RegisterExtension
    final MercureHub hub = new MercureHub();

    private final String topic = uniqueTopic();

    private List<String> publishNumbers(int count) {
        List<String> ids = new ArrayList<>();
        Patience.done(hub.publishNumbers(topic, count, ids));
        return ids;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void m5IdRemovedByRetentionIsAnsweredWithEarliest() {
        List<String> ids = publishNumbers(ShortRetentionProfile.EVENTS + 50);

        EventStream gone = hub.resume(topic, ids.get(0));
        EventStream left = hub.resume(topic, ids.get(60));

        assertThat(gone.headers().get("Last-Event-ID")).isEqualTo("earliest");
        assertThat(gone.awaitCount(ShortRetentionProfile.EVENTS).data())
                .isEqualTo(numbers(50, ShortRetentionProfile.EVENTS + 50));
        assertThat(left.headers().get("Last-Event-ID")).isEqualTo(ids.get(60));
        assertThat(left.awaitCount(ShortRetentionProfile.EVENTS - 11).data())
                .isEqualTo(numbers(61, ShortRetentionProfile.EVENTS + 50));
    }

    @Test
    void e5DuplicateIdResumesAfterTheRetainedOne() {
        String id = "twice of " + topic;
        hub.publish("topic", topic, "data", "first", "id", id);
        publishNumbers(ShortRetentionProfile.EVENTS - 1);
        hub.publish("topic", topic, "data", "second", "id", id);
        hub.publishTo(topic, "end");

        EventStream stream = hub.resume(topic, id);

        assertThat(stream.headers().get("Last-Event-ID")).isEqualTo(id);
        assertThat(stream.awaitCount(1).data()).containsExactly("end");
    }

    @Test
    void m42SubscriptionUpdatesDoNotEvictPublishedOnes() {
        int few = ShortRetentionProfile.EVENTS * 9 / 10;
        List<String> ids = publishNumbers(few);
        String changes = hub.path() + "/subscriptions{/topic}{/subscriber}";
        EventStream watching = hub.subscribe(bearer(Tokens.subscriber(changes)), changes);

        List<EventStream> streams = IntStream.range(0, ShortRetentionProfile.EVENTS)
                .mapToObj(i -> hub.subscribe(topic))
                .toList();
        eventually().until(() -> listening() == ShortRetentionProfile.EVENTS);
        streams.forEach(EventStream::close);
        eventually().until(() -> listening() == 0);

        assertThat(watching.awaitCount(1).data()).first().asString().contains("\"active\":true");
        EventStream stream = hub.resume(topic, ids.get(0));
        assertThat(stream.headers().get("Last-Event-ID")).isEqualTo(ids.get(0));
        assertThat(stream.awaitCount(few - 1).data()).isEqualTo(numbers(1, few));
    }

    private int listening() {
        String path = "/subscriptions/" + MercureHub.escape(topic);
        String body =
                hub.get(path, bearer(Tokens.subscriber(hub.path() + path))).body();
        return JsonPath.from(body).getList("subscriptions").size();
    }

    @Test
    void e6StreamOvertakenByRetentionGetsAGapWithSignalsAndEndsWithout() {
        String padding = "x".repeat(100_000);
        EventStream signalled = hub.open(topics(topic) + "&signals=1", ANYBODY).awaitCount(1);
        EventStream plain = hub.subscribe(topic);
        signalled.pause();
        plain.pause();
        int sent = 2 * ShortRetentionProfile.EVENTS;
        IntStream.range(0, sent).forEach(i -> hub.publishTo(topic, i + padding));

        signalled.resume();
        plain.resume();

        eventually().until(() -> signalled.data().contains(sent - 1 + padding));
        assertContinuesAfterAGap(signalled, sent, padding);
        assertThat(plain.awaitEnd()).as("in good order").isTrue();
        assertThat(plain.data()).isNotEmpty().isEqualTo(padded(0, plain.count(), padding));
        assertThat(plain.messages()).extracting(Message::type).containsOnly("message");
        assertThat(plain.retryMillis()).as("reconnection time").isPositive();

        EventStream again = hub.resume(topic, plain.lastEventId());
        assertThat(again.headers().get("Last-Event-ID")).isEqualTo("earliest");
        assertThat(again.awaitCount(ShortRetentionProfile.EVENTS).data())
                .isEqualTo(padded(sent - ShortRetentionProfile.EVENTS, sent, padding));
    }

    private static List<String> padded(int from, int to, String padding) {
        return numbers(from, to).stream().map(number -> number + padding).toList();
    }

    private static void assertContinuesAfterAGap(EventStream stream, int sent, String padding) {
        List<Message> gaps = stream.messages().stream()
                .filter(message -> message.type().equals("gap"))
                .toList();
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).id()).startsWith("#");
        assertThat(JsonPath.from(gaps.get(0).data()).getMap("")).containsOnlyKeys("resumedAt");
        int before = stream.messages().indexOf(gaps.get(0)) - 1;
        int after = stream.data().size() - before;
        assertThat(before).as("the gap is in the middle").isPositive();
        assertThat(after).isGreaterThanOrEqualTo(ShortRetentionProfile.EVENTS).isLessThan(sent - before);
        assertThat(stream.data().subList(0, before)).isEqualTo(padded(0, before, padding));
        assertThat(stream.data().subList(before, before + after)).isEqualTo(padded(sent - after, sent, padding));
    }
}
