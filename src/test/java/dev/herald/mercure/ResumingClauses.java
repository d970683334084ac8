package dev.herald.mercure;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of PROTOCOL M5: the requested id of a resuming subscriber, and the start reported in the response. */
abstract class ResumingClauses extends Clauses {
    private static final String HEADER = "Last-Event-ID";

    private static String echoedId(EventStream stream) {
        assertThat(stream.status()).isEqualTo(200);
        return stream.headers().get(HEADER);
    }

    private EventStream open(Map<String, String> headers, String... more) {
        return hub.open(form("topic", topic) + (more.length == 0 ? "" : "&" + form(more)), headers);
    }

    @Test
    @Policy("the draft asks for the header only if an id was sent")
    void m5RequestWithoutAnIdGetsNoLastEventId() {
        hub.publishTo(topic, "0");

        EventStream stream = open(ANYBODY);

        assertThat(echoedId(stream)).isNull();
        hub.assertReceivedOnly(stream, topic);
    }

    /** PROTOCOL Q21: spellings of the parameter. */
    @ParameterizedTest
    @ValueSource(strings = {"lastEventID", "lastEventId", "last_event_id", "last-event-id", HEADER})
    @OurHubOnly("other spellings of the parameter")
    @Policy("the draft has one spelling")
    void m5ParameterIsAcceptedInSeveralSpellings(String parameter) {
        hub.publishTo(topic, "0");
        String id = hub.publishTo(topic, "1");
        hub.publishTo(topic, "2");

        EventStream stream = open(ANYBODY, parameter, id);

        assertThat(echoedId(stream)).isEqualTo(id);
        hub.assertReceivedOnly(stream, topic, "2");
    }

    /** PROTOCOL Q21: an empty or blank header or parameter is ignored. */
    @ParameterizedTest
    @CsvSource({
        "'', lastEventID=&lastEventId=$",
        "' ', lastEventID=$",
        "'', Last-Event-ID=&last-event-id=%20&last_event_id=$",
        "'', lastEventID=&lastEventID=$",
        "'', lastEventId&lastEventID=%09&Last-Event-ID=$",
        "'', lastEventID=%20$%20&last_event_id=other",
        "'', lastEventID=$&lastEventID=other",
    })
    @OurHubOnly("other spellings of the parameter")
    @Policy("the draft names no blank ids")
    void m5BlankHeaderOrParameterIsIgnored(String header, String query) {
        String id = hub.publishTo(topic, "0");
        hub.publishTo(topic, "1");

        EventStream stream = hub.open(
                form("topic", topic) + "&" + query.replace("$", MercureHub.escape(id)), and(ANYBODY, HEADER, header));

        assertThat(echoedId(stream)).isEqualTo(id);
        hub.assertReceivedOnly(stream, topic, "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lastEventID", HEADER})
    @Policy("the draft names no empty ids")
    void m5EmptyIdIsAbsent(String parameter) {
        hub.publishTo(topic, "0");

        EventStream stream = open(and(ANYBODY, HEADER, ""), parameter, "");

        assertThat(echoedId(stream)).isNull();
        hub.assertReceivedOnly(stream, topic);
    }

    @Test
    void m5KnownIdIsEchoedInTheHeaderAndLaterEventsAreReplayed() {
        hub.publishTo(topic, "0");
        String id = hub.publishTo(topic, "1");
        hub.publishTo(topic, "2");

        EventStream stream = open(and(ANYBODY, HEADER, id));

        assertThat(echoedId(stream)).isEqualTo(id);
        hub.assertReceivedOnly(stream, topic, "2");
    }

    @Test
    void m5LastEventIdHeaderIsSentBeforeAnyEvent() {
        String id = hub.publishTo(topic, "0");

        EventStream stream = open(and(ANYBODY, HEADER, id));

        assertThat(echoedId(stream)).isEqualTo(id);
        assertThat(stream.messages()).isEmpty();
    }

    @Test
    void m5IdOfAnotherTopicIsKnown() {
        hub.publishTo(topic, "0");
        String id = hub.publishTo(topic + "/other", "1");
        hub.publishTo(topic, "2");

        EventStream stream = open(and(ANYBODY, HEADER, id));

        assertThat(echoedId(stream)).isEqualTo(id);
        hub.assertReceivedOnly(stream, topic, "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
                "EARLIEST",
                "#",
                "#unknown",
                "b a",
                "\"quoted\" \\ [id] / :",
            })
    void m5UnknownIdIsAnsweredWithEarliestAndReplaysAllRetainedEvents(String id) {
        hub.publishTo(topic, "0");
        hub.publishTo(topic, "1");

        EventStream stream = open(and(ANYBODY, HEADER, id));

        assertThat(echoedId(stream)).isEqualTo("earliest");
        hub.assertReceivedOnly(stream, topic, "0", "1");
    }

    @Test
    @Policy("the hub may or may not fulfil the request")
    void m5EarliestReplaysAllRetainedEvents() {
        hub.publishTo(topic, "0");
        hub.publishTo(topic, "1");

        EventStream stream = open(and(ANYBODY, HEADER, "earliest"));

        assertThat(echoedId(stream)).isEqualTo("earliest");
        hub.assertReceivedOnly(stream, topic, "0", "1");
    }

    /** Precedence of three ids, each of an event with a successor, when several are sent. */
    @ParameterizedTest
    @CsvSource({
        "true, true, true, header",
        "true, true, false, header",
        "true, false, true, header",
        "false, true, true, parameter",
        "false, true, false, parameter",
    })
    void m5HeaderPrecedesTheParameterAndThatItsOldSpelling(
            boolean header, boolean parameter, boolean old, String winner) {
        Map<String, String> ids = Map.of(
                "old", hub.publishTo(topic, "1"),
                "parameter", hub.publishTo(topic, "2"),
                "header", hub.publishTo(topic, "3"));

        String query = form("topic", topic)
                + (old ? "&" + form(HEADER, ids.get("old")) : "")
                + (parameter ? "&" + form("lastEventID", ids.get("parameter")) : "");
        EventStream stream = hub.open(query, header ? and(ANYBODY, HEADER, ids.get("header")) : ANYBODY);

        assertThat(echoedId(stream)).isEqualTo(ids.get(winner));
    }

    @Test
    void m5PrivateIdIsEchoedWithItsGrant() {
        String id = hub.publishPrivately(topic, "0");
        hub.publishTo(topic, "1");

        EventStream stream = open(and(bearer(Tokens.subscriber(topic)), HEADER, id));

        assertThat(echoedId(stream)).isEqualTo(id);
        hub.assertReceivedOnly(stream, topic, "1");
    }

    @Test
    @Policy("the draft does not name ids of unreadable events")
    void m5PrivateIdWithoutItsGrantIsAnsweredAsUnknown() {
        hub.publishTo(topic, "0");
        String id = hub.publishPrivately(topic, "1");
        hub.publishTo(topic, "2");

        EventStream forbidden = open(and(ANYBODY, HEADER, id));
        EventStream unknown = open(and(ANYBODY, HEADER, "urn:uuid:" + UUID.randomUUID()));

        assertThat(echoedId(forbidden)).isEqualTo(echoedId(unknown)).isEqualTo("earliest");
        hub.assertReceivedOnly(forbidden, topic, "0", "2");
        assertThat(unknown.awaitCount(3).messages()).isEqualTo(forbidden.messages());
    }

    @Test
    @Policy("the draft names no encoding of the header")
    void m5NonAsciiIdIsUtf8InBothDirections() {
        String id = "käse 🧀 " + topic;
        String onTheWire = new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        hub.publish("topic", topic, "data", "0", "id", id);

        EventStream byHeader = open(and(ANYBODY, HEADER, onTheWire));
        EventStream byParameter = open(ANYBODY, "lastEventID", id);

        assertThat(echoedId(byHeader)).isEqualTo(echoedId(byParameter)).isEqualTo(onTheWire);
        hub.assertReceivedOnly(byHeader, topic);
        hub.assertReceivedOnly(byParameter, topic, "later");
    }

    @Test
    @Policy("the draft does not name duplicate ids")
    void m5DuplicateIdResumesAfterTheEarliest() {
        String id = "twice of " + topic;
        hub.publish("topic", topic, "data", "0", "id", id);
        hub.publishTo(topic, "1");
        hub.publish("topic", topic, "data", "2", "id", id);
        hub.publishTo(topic, "3");

        EventStream stream = open(and(ANYBODY, HEADER, id));

        assertThat(echoedId(stream)).isEqualTo(id);
        hub.assertReceivedOnly(stream, topic, "1", "2", "3");
        assertThat(stream.messages().get(1).id()).isEqualTo(id);
    }

    @Test
    @OurHubOnly("cursors, with signals=1")
    @Policy("cursors are not in the draft")
    void m5CursorIsEchoedAndNothingBeforeItIsSent() {
        hub.publishTo(topic, "0");
        EventStream first = open(ANYBODY, "signals", "1").awaitCount(1);
        hub.publishTo(topic, "1");

        EventStream stream = open(and(ANYBODY, HEADER, first.messages().get(0).id()));

        assertThat(echoedId(stream)).isEqualTo(first.messages().get(0).id());
        hub.assertReceivedOnly(stream, topic, "1");
    }

    @Test
    @OurHubOnly("an allowlist of origins")
    @Policy("CORS is not in the draft")
    void m5LastEventIdHeaderIsExposedToPages() {
        String id = hub.publishTo(topic, "0");

        EventStream stream = open(and(ANYBODY, HEADER, id, "Origin", Guarded.LISTED));

        assertThat(echoedId(stream)).isEqualTo(id);
        assertThat(stream.headers().get("Access-Control-Expose-Headers")).contains(HEADER);
    }

    @Test
    void m5LastIdOfAStreamResumesTheNextOne() {
        EventStream first = hub.subscribe(topic);
        hub.publishTo(topic, "0");
        first.awaitCount(1).close();
        hub.publishTo(topic, "1");

        EventStream second = hub.resume(topic, first.lastEventId());

        assertThat(second.awaitCount(1).messages()).extracting(Message::data).containsExactly("1");
    }
}
