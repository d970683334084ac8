package dev.herald.mercure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient.Answer;

import static dev.herald.mercure.MercureHub.PUBLISHER;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of publishing, PROTOCOL M10–M13 and M15–M17: valid updates, authorization and responses. */
abstract class PublishingClauses extends Clauses {
    private void assertRejected(int status, String form) {
        assertRejected(status, form, PUBLISHER);
    }

    /** Verifies that the response has this status and that nothing was published. */
    private Answer assertRejected(int status, String form, Map<String, String> headers) {
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber("*")), topic);

        Answer answer = hub.post(form, headers);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        hub.assertReceivedOnly(stream, topic);
        return answer;
    }

    private Message published(String form) {
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber("*")), topic);
        Answer answer = hub.post(form, PUBLISHER);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        Message message = stream.awaitCount(1).messages().get(0);
        assertThat(message.id()).isEqualTo(answer.body());
        return message;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded;charset=UTF-8",
                "application/x-www-form-urlencoded ; charset=utf-8",
                "Application/X-WWW-Form-UrlEncoded",
            })
    void m10FormContentTypeIsAcceptedInAnySpelling(String type) {
        Answer answer = hub.post(form("topic", topic, "data", "1"), and(PUBLISHER, "Content-Type", type));

        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencodedx",
                "nonsense",
                "",
            })
    @Policy("the draft names no status")
    void m10AnotherTypeGets400(String type) {
        assertRejected(400, form("topic", topic, "data", "1"), and(PUBLISHER, "Content-Type", type));
    }

    @Test
    void m10AllFieldsArriveAsTheyWereSent() {
        String data = " a=b&c+d %41 é 🧀 \u2028 ";

        Message message = published(form("topic", topic, "data", data, "type", "greeting"));

        assertThat(message.type()).isEqualTo("greeting");
        assertThat(message.data()).isEqualTo(data);
    }

    @Test
    void m10WithoutDataTheDataIsEmpty() {
        assertThat(published(form("topic", topic)).data()).isEmpty();
    }

    @Test
    @Policy("the draft names no empty fields")
    void m10EmptyIdTypeOrRetryIsAbsent() {
        Message message = published(form("topic", topic, "id", "", "type", "", "retry", ""));

        assertThat(message.id()).startsWith("urn:uuid:");
        assertThat(message.type()).isEqualTo("message");
    }

    @Test
    @Policy("the draft names no unknown fields")
    void m10UnknownFieldsAreIgnored() {
        assertThat(published(form("unknown", "\n", "topic", topic, "data", "1", "Topic", "x", "", "y"))
                        .data())
                .isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"private", "private=", "private=on", "private=1", "private=0", "private=false", "private=off"})
    void m10PrivateAppliesWithAnyValue(String field) {
        assertNotForAnybody(form("topic", topic, "data", "1") + "&" + field);
    }

    private void assertNotForAnybody(String form) {
        EventStream anybody = hub.subscribe(topic);

        assertThat(published(form).data()).isEqualTo("1");

        hub.assertReceivedOnly(anybody, topic);
    }

    @Test
    void m10UpdateIsDeliveredToEveryTopic() {
        List<String> topics =
                IntStream.range(0, 5).mapToObj(i -> topic + "/" + i).toList();
        List<EventStream> streams = topics.stream().map(hub::subscribe).toList();

        String id = hub.publish(
                Stream.concat(topics.stream().flatMap(one -> Stream.of("topic", one)), Stream.of("data", "1"))
                        .toArray(String[]::new));

        for (EventStream stream : streams) {
            assertThat(stream.awaitCount(1).messages()).containsExactly(new Message(id, "message", "1"));
        }
    }

    private static String manyTopics(int count, String last) {
        return IntStream.range(1, count).mapToObj(i -> "topic=" + i + "&").reduce("", String::concat)
                + form("topic", last, "data", "1");
    }

    @Test
    @OurHubOnly("a limit of 1,000 topics an update")
    @Policy("the draft has no such limit")
    void m10UpdateWith1000TopicsIsAcceptedAndWith1001Gets413() {
        assertThat(published(manyTopics(1_000, topic)).data()).isEqualTo("1");

        assertRejected(413, manyTopics(1_001, topic));
    }

    @Test
    void m11ResponseBodyIsTheId() {
        EventStream stream = hub.subscribe(topic);

        Answer answer = hub.post(form("topic", topic, "data", "1"), PUBLISHER);

        assertThat(answer.status()).isBetween(200, 299);
        assertThat(answer.body()).isEqualTo(stream.awaitCount(1).lastEventId());
    }

    @Test
    @Policy("the draft shows this answer in an example only")
    void m11ResponseIs200InPlainText() {
        Answer answer = hub.post(form("topic", topic, "data", "1"), PUBLISHER);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
    }

    @Test
    @Policy("the draft names no status")
    void m12WithoutATopicGets400() {
        assertRejected(400, "");
        assertRejected(400, "data=1");
        assertRejected(400, "topic=&data=1");
        assertRejected(400, form("topic", topic, "topic", "", "data", "1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+1",
                "1.5",
                "1e3",
                "0x10",
                " 1",
                "1 ",
                "1s",
                "١٢",
                "１",
                "one",
                "99999999999999999999999999"
            })
    @Policy("the draft names no status, and browsers ignore such values")
    void m12RetryOtherThanAsciiDigitsGets400(String retry) {
        assertRejected(400, form("topic", topic, "data", "1", "retry", retry));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1234, 1234", "0042, 42", "999999999999999999, 999999999999999999"})
    void m12AndE2RetryInAsciiDigitsSetsTheReconnectionTime(String retry, long millis) {
        EventStream stream = hub.subscribe(topic);

        hub.publish("topic", topic, "data", "1", "retry", retry);

        assertThat(stream.awaitCount(1).retryMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "#1", "#urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057", "earliest"})
    @Policy("the draft forbids the # to publishers only")
    void m12ReservedIdGets400(String id) {
        assertRejected(400, form("topic", topic, "data", "1", "id", id));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", " a", "a ", "earliest ", "\u00A0a", "a\u00A0", "a\u2003", "\u3000a", " #a"})
    @Policy("the draft allows such ids")
    void m12IdWithLeadingOrTrailingWhiteSpaceGets400(String id) {
        assertRejected(400, form("topic", topic, "data", "1", "id", id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"می\u200Cخواهم", "क्\u200Dष", "👨\u200D👩\u200D👧", "🏳️\u200D🌈"})
    @Policy("the hub may ignore the given id")
    void m12JoinersAreKeptInTopicIdAndType(String name) {
        String named = topic + "/" + name;
        EventStream stream = hub.subscribe(named);

        String id = hub.publish("topic", named, "data", "1", "id", name + topic, "type", name);

        assertThat(id).isEqualTo(name + topic);
        assertThat(stream.awaitCount(1).messages()).containsExactly(new Message(id, name, "1"));
        assertThat(hub.resume(named, new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                        .headers()
                        .get("Last-Event-ID"))
                .isEqualTo(new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** A form field in the query would be ignored; for {@code private} that would make the update public. */
    @ParameterizedTest
    @ValueSource(strings = {"private=on", "private", "%70rivate=", "privat=on", "topic=x", "data=1", "id=1", "x"})
    @OurHubOnly("that parameters in the query of a POST are rejected")
    @Policy("the draft names no parameters in the query of a POST")
    void m10AParameterInTheQueryGets400(String query) {
        EventStream stream = hub.subscribe(bearer(Tokens.subscriber("*")), topic);

        Answer answer = hub.post("?" + query, form("topic", topic, "data", "1"), PUBLISHER);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        hub.assertReceivedOnly(stream, topic);
    }

    /** The values are escaped as on the wire. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "%00", // C0
                "%09",
                "%0A",
                "%0D",
                "%0D%0A",
                "%1F", // C0
                "%7F", // DEL
                "%C2%80",
                "%C2%85",
                "%C2%9F", // C1
                "%C2%AD",
                "%E2%80%8B",
                "%D8%9C", // bidirectional
                "%E2%80%8E",
                "%E2%80%AA",
                "%E2%80%AE",
                "%E2%81%A6",
                "%E2%81%A0",
                "%EF%BB%BF",
                "%F3%A0%81%81", // Cf
                "%80",
                "%FF",
                "%C3",
                "%C3%28",
                "%C0%80",
                "%E2%82",
                "%ED%A0%80",
                "%F4%90%80%80", // no UTF-8
            })
    @Policy("the draft allows such characters")
    void m12ControlFormatAndInvalidUtf8CharactersInTopicIdAndTypeGet400(String bad) {
        String good = form("topic", topic, "data", "1");

        for (String text : List.of(bad, "a" + bad, bad + "b", "a" + bad + "b")) {
            assertThat(hub.post(good + "&topic=" + text, PUBLISHER).status())
                    .as("topic " + text)
                    .isEqualTo(400);
            assertThat(hub.post(good + "&id=" + text, PUBLISHER).status())
                    .as("id " + text)
                    .isEqualTo(400);
        }
        assertRejected(400, good + "&type=a" + bad + "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%FF", "%C0%80", "%ED%A0%80"})
    @Policy("the draft names no status")
    void m12DataThatIsNotUtf8Gets400(String bad) {
        assertRejected(400, form("topic", topic) + "&data=a" + bad);
    }

    @Test
    @Policy("any IRI will do")
    void m13GeneratedIdsAreRisingUuidsOfVersion7() {
        List<UUID> ids = IntStream.range(0, 20)
                .mapToObj(i -> hub.publishTo(topic, "" + i))
                .peek(id -> assertThat(id).startsWith("urn:uuid:"))
                .map(id -> UUID.fromString(id.substring("urn:uuid:".length())))
                .toList();

        assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2).doesNotHaveDuplicates();
        assertThat(ids.stream().map(UUID::toString)).isSorted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "]",
                "\"",
                "/",
                ":",
                "[\"/:\"]",
                "a b",
                "a#",
                "Earliest",
                "می\u200Cخواهم",
                "क्\u200Dष",
                "👨\u200D👩\u200D👧",
                "a\u00A0b",
                "%41",
                "\\",
                "é🧀",
                "0",
                "{}",
                "urn:uuid:not one",
            })
    @Policy("the hub may ignore the given id")
    void m13GivenIdIsKeptUnchanged(String id) {
        EventStream stream = hub.subscribe(topic);

        String answered = hub.publish("topic", topic, "data", "1", "id", id);

        assertThat(answered).isEqualTo(id);
        assertThat(stream.awaitCount(1).messages()).containsExactly(new Message(id, "message", "1"));
    }

    @Test
    @OurHubOnly("a limit of 1,024 bytes an id and 255 a type")
    @Policy("the draft has no such limits")
    void limitsAnIdHas1024BytesAndATypeHas255AtMost() {
        String id = topic + "x".repeat(1_024 - topic.length());
        String type = "é".repeat(127) + "x";

        assertThat(published(form("topic", topic, "data", "1", "id", id, "type", type)))
                .isEqualTo(new Message(id, type, "1"));
        assertRejected(400, form("topic", topic, "data", "1", "id", id + "x"));
        assertRejected(400, form("topic", topic, "data", "1", "type", type + "x"));
    }

    @Test
    void m15MissingTokenGets401AndNothingIsDispatched() {
        assertRejected(401, form("topic", topic, "data", "1"), MercureHub.NOBODY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|application/json|{}",
                "''|''|''",
                "''|application/x-www-form-urlencoded|data=1",
                "''|application/x-www-form-urlencoded|topic=a&id=%23",
                "''|application/x-www-form-urlencoded|topic=%FF",
                "?private=on|application/x-www-form-urlencoded|topic=a",
                "?x=%FF|application/x-www-form-urlencoded|topic=a",
            })
    @Policy("the draft names no order of checks")
    void m15MissingTokenGets401BeforeAnyOtherError(String query, String type, String form) {
        Answer answer = hub.post(query, form, Map.of("Content-Type", type));

        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void m15APublisherWithoutAGrantForEveryTopicGets403AndNothingIsDispatched() {
        String token = Tokens.publisher(topic);
        String form = form("topic", topic, "topic", topic + "/other", "data", "1");

        assertRejected(403, form, bearer(token));
        assertThat(hub.post(form, bearer(Tokens.publisher(topic, topic + "/{any}")))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void m15FirstTopicNeedsAGrant() {
        assertRejected(
                403, form("topic", topic + "/other", "topic", topic, "data", "1"), bearer(Tokens.publisher(topic)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"mercure\":{}}",
                "{\"mercure\":null}",
                "{\"mercure\":{\"publish\":[]}}",
                "{\"mercure\":{\"publish\":null}}",
                "{\"mercure\":{\"subscribe\":[\"*\"]}}",
                "{\"publish\":[\"*\"]}",
            })
    void m15MissingOrEmptyClaimGets403AndNothingIsDispatched(String claims) {
        assertRejected(403, form("topic", topic, "data", "1"), bearer(Tokens.ofPublisher(claims)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://example.com/{id}", "https://example.com/{+any}"})
    void m15AGrantIsASelector(String grant) {
        assertThat(hub.post(form("topic", topic, "data", "1"), bearer(Tokens.publisher(grant)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void m15APrivateUpdateNeedsTheSameGrant() {
        assertRejected(403, form("topic", topic, "data", "1", "private", "on"), bearer(Tokens.publisher("other")));
    }

    @Test
    @Policy("the draft does not say what a success promises")
    void m16AcknowledgedUpdateIsInTheLog() {
        for (int i = 0; i < 20; i++) {
            hub.publishTo(topic, "" + i);

            EventStream stream = hub.resume(topic, "earliest");

            assertThat(stream.awaitCount(i + 1).data()).endsWith("" + i);
        }
    }

    @Test
    @Policy("the draft does not name publishers that disconnect")
    void m16UpdateIsPublishedEvenIfThePublisherDisconnects() {
        EventStream stream = hub.subscribe(topic);

        for (int i = 0; i < 20; i++) {
            publishAndLeave("" + i);
        }

        stream.awaitCount(20);
        assertThat(stream.data())
                .containsExactlyInAnyOrder(
                        IntStream.range(0, 20).mapToObj(Integer::toString).toArray(String[]::new));
    }

    private void publishAndLeave(String data) {
        HttpClientRequest request = Patience.done(hub.client()
                .http()
                .request(new RequestOptions().setMethod(HttpMethod.POST).setURI(hub.path()))
                .toCompletionStage());
        PUBLISHER.forEach(request::putHeader);
        request.putHeader("Content-Type", "application/x-www-form-urlencoded");
        Patience.done(
                request.end(Buffer.buffer(form("topic", topic, "data", data))).toCompletionStage());
        Patience.done(request.connection().close().toCompletionStage());
    }

    @Test
    @OurHubOnly("a body of 1,200,000 bytes at most")
    @Policy("the draft has no such limit")
    void m17BodyOfTheLimitIsAcceptedAndOneByteMoreGets413() {
        String start = form("topic", topic, "data", "");
        String largest = start + "x".repeat(Guarded.MAX_BODY - start.length());

        assertThat(published(largest).data()).hasSize(Guarded.MAX_BODY - start.length());
        assertRejected(413, largest + "x");
    }
}
