package dev.herald.mercure;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of subscribing, PROTOCOL M1–M4 and M6: selectors and grants. */
abstract class SubscribingClauses extends Clauses {
    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?lastEventID=earliest", "?Topic=a", "?topic="})
    @Policy("the draft names no status")
    void m1WithoutATopicGets400(String query) {
        Answer answer = hub.get(query, ANYBODY);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).doesNotContain("event-stream");
    }

    @Test
    void m1SeveralTopicsShareOneStreamInTheOrderOfTheLog() {
        EventStream stream = hub.subscribe(topic + "/a", topic + "/b");

        hub.publishTo(topic + "/b", "1");
        hub.publishTo(topic + "/c", "2");
        hub.publishTo(topic + "/a", "3");

        hub.assertReceivedOnly(stream, topic + "/b", "1", "3");
    }

    /** {@code $} in the table is a text unique to the test. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*|https://example.com/$/anything|true",
                "*|$|true",
                "$|$|true",
                "$|$x|false",
                "$|x$|false",
                "https://example.com/$/A|https://example.com/$/a|false",
                "https://example.com/$/caf%C3%A9|https://example.com/$/café|false",
                "https://example.com/$/*|https://example.com/$/a|false",
                "https://example.com/$/*|https://example.com/$/*|true",
                "https://example.com/$/.*|https://example.com/$/ab|false",
                "https://example.com/$/a?b|https://example.com/$/ab|false",
                "https://example.com/$/(a)|https://example.com/$/(a)|true",
                "https://example.com/$/{id}|https://example.com/$/1|true",
                "https://example.com/$/{id}|https://example.com/$/a%20b|true",
                "https://example.com/$/{id}|https://example.com/$/1/2|false",
                "https://example.com/$/{id}|https://example.com/$/{id}|true",
                "https://example.com/$/{id}/b|https://example.com/$/1/b|true",
                "https://example.com/$/{id}/b|https://example.com/$/1/c|false",
                "https://example.com/$/{+path}|https://example.com/$/a/b|true",
                "https://example.com/$/search{?q}|https://example.com/$/search?q=1|true",
                "https://example.com/$/hub?topic=faulty{iri|https://example.com/$/hub?topic=faulty{iri|true",
                "https://example.com/$/hub?topic=faulty{iri|https://example.com/$/hub?topic=faulty1|false",
                "https://example.com/$/hub?topic=faulty{iri|https://example.com/$/hub?topic=faulty|false",
                "https://example.com/$/hub?topic=faulty}iri|https://example.com/$/hub?topic=faulty}iri|true",
                "https://example.com/$/{}|https://example.com/$/|false",
                "https://example.com/$/{}|https://example.com/$/{}|true",
            })
    void m2SelectorIsAStarATopicOrATemplate(String selector, String published, boolean matches) {
        String unique = UUID.randomUUID().toString();
        EventStream stream = hub.subscribe(selector.replace("$", unique), topic);

        hub.publishTo(published.replace("$", unique), "1");

        String[] expected = matches ? new String[] {"1"} : new String[0];
        if (selector.equals("*")) {
            // Other tests may have published.
            dev.herald.Patience.eventually().until(() -> stream.data().contains("1"));
        } else {
            hub.assertReceivedOnly(stream, topic, expected);
        }
    }

    @Test
    void m3UpdateIsDeliveredOnceWhenSeveralSelectorsMatchSeveralTopics() {
        EventStream stream = hub.subscribe(topic + "/a", topic + "/b", topic + "/{x}", topic + "{/x}", topic + "/a");

        hub.publish("topic", topic + "/a", "topic", topic + "/b", "topic", topic + "/c", "data", "1");

        hub.assertReceivedOnly(stream, topic + "/b", "1");
    }

    @Test
    void m3AlternateTopicsMatchLikeTheFirst() {
        EventStream stream = hub.subscribe(topic + "/alternate");

        hub.publish("topic", topic, "topic", topic + "/alternate", "data", "1");

        hub.assertReceivedOnly(stream, topic + "/alternate", "1");
    }

    @Test
    void m4PrivateUpdateIsDeliveredOnlyWithItsGrant() {
        EventStream granted = hub.subscribe(bearer(Tokens.subscriber(topic)), topic);
        EventStream byTemplate = hub.subscribe(bearer(Tokens.subscriber("https://example.com/{id}")), topic);
        EventStream byStar = hub.subscribe(bearer(Tokens.subscriber("*")), topic);
        EventStream elsewhere = hub.subscribe(bearer(Tokens.subscriber(topic + "/a", "other")), topic);
        EventStream ungranted = hub.subscribe(topic);

        hub.publishPrivately(topic, "private");
        hub.publishTo(topic, "public");

        for (EventStream stream : new EventStream[] {granted, byTemplate, byStar}) {
            assertThat(stream.awaitCount(2).data()).containsExactly("private", "public");
        }
        assertThat(elsewhere.awaitCount(1).data()).containsExactly("public");
        assertThat(ungranted.awaitCount(1).data()).containsExactly("public");
    }

    @Test
    void m4GrantAndSelectorMayMatchDifferentTopicsOfAnUpdate() {
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber(topic + "/granted")), topic + "/selected");

        hub.publish("topic", topic + "/selected", "topic", topic + "/granted", "data", "1", "private", "on");
        hub.publish("topic", topic + "/selected", "topic", topic + "/other", "data", "2", "private", "on");

        hub.assertReceivedOnly(stream, topic + "/selected", "1");
    }

    @Test
    void m4AGrantSelectsNothing() {
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber("*")), topic);

        hub.publishPrivately(topic + "/other", "1");

        hub.assertReceivedOnly(stream, topic);
    }

    @Test
    void m4PrivateUpdatesNeedTheirGrantInReplay() {
        String id = hub.publishTo(topic, "0");
        hub.publishPrivately(topic, "1");
        hub.publishTo(topic, "2");

        EventStream granted =
                hub.subscribe(MercureHub.and(bearer(Tokens.subscriber(topic)), "Last-Event-ID", id), topic);
        EventStream ungranted = hub.resume(topic, id);

        assertThat(granted.awaitCount(2).data()).containsExactly("1", "2");
        assertThat(ungranted.awaitCount(1).data()).containsExactly("2");
    }

    private static String[] selectors(int count, String last) {
        return Stream.concat(IntStream.range(1, count).mapToObj(Integer::toString), Stream.of(last))
                .toArray(String[]::new);
    }

    @Test
    @OurHubOnly("a limit of 1,000 selectors a request")
    @Policy("the hub may apply an arbitrary limit")
    void m6RequestWith1000SelectorsIsAccepted() {
        EventStream stream = hub.subscribe(selectors(1_000, topic));

        hub.assertReceivedOnly(stream, topic);
    }

    @Test
    @OurHubOnly("a limit of 1,000 selectors a request")
    @Policy("the hub may apply an arbitrary limit")
    void m6RequestWith1001SelectorsGets400() {
        Answer answer = hub.get("?" + topics(selectors(1_001, topic)), ANYBODY);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "🧀"})
    @OurHubOnly("a limit of 4,096 bytes a selector")
    @Policy("the draft has no such limit")
    void m6SelectorOf4096BytesIsAcceptedAndALongerOneGets400(String letter) {
        String unique = UUID.randomUUID().toString();
        String room = "x".repeat(4_096 - unique.length() - letter.getBytes(StandardCharsets.UTF_8).length);
        String longest = unique + room + letter;

        hub.assertReceivedOnly(hub.subscribe(longest), longest);
        assertThat(hub.get("?" + topics(longest + "x"), ANYBODY).status()).isEqualTo(400);
    }

    @Test
    @OurHubOnly("a limit of 1,000 selectors a claim")
    @Policy("the draft has no such limit")
    void m6ClaimOf1000SelectorsIsAcceptedAndALongerOneGets401() {
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber(selectors(1_000, topic))), topic);
        hub.publishPrivately(topic, "1");

        hub.assertReceivedOnly(stream, topic, "1");
        assertThat(hub.get("?" + topics(topic), bearer(Tokens.subscriber(selectors(1_001, topic))))
                        .status())
                .isEqualTo(401);
    }

    @Test
    @OurHubOnly("a limit of 1,000 selectors a claim")
    @Policy("the draft has no such limit")
    void m6APublishersClaimHasTheSameLimit() {
        String form = MercureHub.form("topic", topic, "data", "1");

        assertThat(hub.post(form, bearer(Tokens.publisher(selectors(1_000, topic))))
                        .status())
                .isEqualTo(200);
        assertThat(hub.post(form, bearer(Tokens.publisher(selectors(1_001, topic))))
                        .status())
                .isEqualTo(401);
    }

    @Test
    @OurHubOnly("a limit of 4,096 bytes a selector")
    @Policy("the draft has no such limit")
    void m6ASelectorInAClaimHasTheSameLimit() {
        String longest = (topic + "/").concat("x".repeat(4_096)).substring(0, 4_096);
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber(longest)), longest, topic);
        hub.publishPrivately(longest, "1");

        hub.assertReceivedOnly(stream, topic, "1");
        assertThat(hub.get("?" + topics(topic), bearer(Tokens.subscriber(longest + "x")))
                        .status())
                .isEqualTo(401);
    }
}
