package dev.herald.web;

import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

/** Tests of the clauses PROTOCOL Q1–Q12 and Q21 of the quick API, over HTTP. */
@QuarkusTest
class QuickApiTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "test/" + UUID.randomUUID();

    /** Sends the content type without the charset that REST Assured adds. */
    private static RequestSpecification given() {
        return RestAssured.given()
                .config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)));
    }

    private ValidatableResponse post(String contentType, String body) {
        return post(contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private ValidatableResponse post(String contentType, byte[] body) {
        EncoderConfig asBytes = EncoderConfig.encoderConfig()
                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                .encodeContentTypeAs(contentType, ContentType.BINARY);
        return RestAssured.given()
                .config(RestAssured.config().encoderConfig(asBytes))
                .queryParam("topic", topic)
                .contentType(contentType)
                .body(body)
                .post("/message")
                .then();
    }

    private static void isProblem(ValidatableResponse response, int status, String type) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", is("urn:problem-type:herald:" + type))
                .body("status", is(status))
                .body("title", matchesPattern(".+"))
                .body("detail", matchesPattern("(?s).{20,}"));
    }

    private String received(EventStream stream) {
        stream.awaitCount(2);
        return stream.messages().get(1).data();
    }

    @Test
    void q1PublishesJsonAndAnswersSuccess() {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        String id = post("application/json", "{\"message\":\"hello\"}")
                .statusCode(200)
                .contentType("text/plain")
                .body(equalTo("success"))
                .header("Event-ID", startsWith("urn:uuid:"))
                .extract()
                .header("Event-ID");

        stream.awaitCount(2);
        assertThat(stream.messages().get(1)).isEqualTo(new Message(id, "message", "{\"message\":\"hello\"}"));
    }

    @Test
    void q1KeepsJsonUnchanged() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String json = "{ \"b\" : 1.50,\n  \"a\":[true , null],\"ü\":\"\\u00fc\" }";

        post("application/json; charset=utf-8", json).statusCode(200);

        assertThat(received(stream)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain|{\"message\":\"hi\"}|{\"message\":\"hi\"}",
                "text/plain;charset=UTF-8|[1, 2]|[1, 2]",
                "text/plain|42|42",
                "text/plain|hello|{\"message\":\"hello\"}",
                "text/plain|{not json|{\"message\":\"{not json\"}",
                "text/plain|1 2|{\"message\":\"1 2\"}",
                "text/plain|say \"ä\"|{\"message\":\"say \\\"ä\\\"\"}",
                "application/x-www-form-urlencoded|message=hello|{\"message\":\"hello\"}",
                "application/x-www-form-urlencoded|type=&message=a%26b+%C3%A4&id=|{\"message\":\"a&b ä\"}",
                "application/x-www-form-urlencoded|message=hello #world?|{\"message\":\"hello #world?\"}",
                "application/x-www-form-urlencoded|message=|{\"message\":\"\"}",
                "application/vnd.herald+json|{\"a\":1}|{\"a\":1}",
            })
    void q2ToQ4AcceptsTextAndForms(String contentType, String body, String data) {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        post(contentType, body).statusCode(200).body(equalTo("success"));

        assertThat(received(stream)).isEqualTo(data);
    }

    @Test
    void q3DecodesTextInTheCharsetOfItsContentType() {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        post("text/plain; charset=ISO-8859-1", "käse".getBytes(StandardCharsets.ISO_8859_1))
                .statusCode(200);

        assertThat(received(stream)).isEqualTo("{\"message\":\"käse\"}");
    }

    /** RFC 8259 §8.1: a leading byte order mark is not part of the text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|{\"a\":1}|{\"a\":1}",
                "application/vnd.herald+json|1|1",
                "text/plain|{\"a\":1}|{\"a\":1}",
                "text/plain; charset=utf-8|hello|{\"message\":\"hello\"}",
                "application/x-www-form-urlencoded|message=hello|{\"message\":\"hello\"}",
                "application/x-www-form-urlencoded|type=&message=hello|{\"message\":\"hello\"}",
            })
    void q1SkipsAByteOrderMark(String contentType, String body, String data) {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        post(contentType, "\uFEFF" + body).statusCode(200);

        assertThat(received(stream)).isEqualTo(data);
    }

    @Test
    void q3AcceptsUtf16NamedByItsContentType() {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        post("text/plain; charset=UTF-16LE", "\uFEFF[\"k\u00E4se\"]".getBytes(StandardCharsets.UTF_16LE))
                .statusCode(200);

        assertThat(received(stream)).isEqualTo("[\"käse\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/x-www-form-urlencoded"})
    void q5RejectsUtf16NotNamedByItsContentType(String contentType) {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        for (Charset charset :
                List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, Charset.forName("UTF-32LE"))) {
            isProblem(post(contentType, "\uFEFFmessage={\"a\":1}".getBytes(charset)), 400, "invalid-encoding");
        }
        post(contentType, "\uFEFFmessage={\"a\":1}".getBytes(StandardCharsets.UTF_16LE))
                .body("detail", containsString("byte order mark of UTF-16"));

        publish(topic, "\"after\"");
        assertThat(received(stream)).isEqualTo("\"after\"");
    }

    @ParameterizedTest
    @CsvSource({"application/json, invalid-json", "text/plain, text"})
    void q5OneByteOrderMarkIsSkippedAndASecondIsText(String contentType, String problem) {
        ValidatableResponse answer = post(contentType, "\uFEFF\uFEFF1");

        if (problem.equals("text")) {
            answer.statusCode(200);
        } else {
            isProblem(answer, 400, problem);
        }
        isProblem(post(contentType, "\uFEFF"), 400, "empty-body");
    }

    @Test
    void q4AcceptsAFormOfTheMaximumSize() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String text = "x".repeat(500_000);

        post("application/x-www-form-urlencoded", "message=" + text).statusCode(200);

        assertThat(received(stream)).isEqualTo("{\"message\":\"" + text + "\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|{\"message\":|invalid-json",
                "application/json|hello|invalid-json",
                "application/json|{} {}|invalid-json",
                "application/json|' '|invalid-json",
                "application/json|{'a':1}|invalid-json",
                "application/json|''|empty-body",
                "text/plain|''|empty-body",
                "application/x-www-form-urlencoded|''|empty-body",
                "application/x-www-form-urlencoded|messages=hello|invalid-form",
                "application/x-www-form-urlencoded|{\"message\":\"hello\"}|invalid-form",
                "application/x-www-form-urlencoded|message=%ff|invalid-encoding",
            })
    void q5RejectsABodyThatContradictsItsContentType(String contentType, String body, String problem) {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        isProblem(post(contentType, body), 400, problem);

        publish(topic, "\"after\"");
        assertThat(received(stream)).as("first published event").isEqualTo("\"after\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/x-www-form-urlencoded"})
    void q5RejectsInvalidUtf8(String contentType) {
        byte[] body = "message=\"ä\"".getBytes(StandardCharsets.ISO_8859_1);

        isProblem(post(contentType, body), 400, "invalid-encoding");
    }

    @Test
    void q5RejectsJsonThatIsNestedTooDeep() {
        isProblem(post("application/json", "[".repeat(100_000)), 400, "invalid-json");
    }

    @Test
    void q6RejectsABodyOverTheLimitAndPublishesNothing() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String tooLarge = "\"" + "x".repeat(1 << 20) + "\"";

        isProblem(post("application/json", tooLarge), 413, "body-too-large");

        publish(topic, "\"after\"");
        assertThat(received(stream)).isEqualTo("\"after\"");
    }

    @Test
    void q6AcceptsABodyOfExactlyTheLimit() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String largest = "\"" + "x".repeat((1 << 20) - 2) + "\"";

        post("application/json", largest).statusCode(200);

        assertThat(received(stream)).isEqualTo(largest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "multipart/form-data; boundary=x", "application/xml", "nonsense"})
    void q7RejectsOtherContentTypes(String contentType) {
        isProblem(post(contentType, "x"), 415, "unsupported-media-type");
    }

    /** PROTOCOL Q21: spellings of one parameter, some empty. $ is the id of the first of two events. */
    @ParameterizedTest
    @CsvSource({
        "'', lastEventID=$",
        "'', lastEventId=$",
        "'', last_event_id=$",
        "'', last-event-id=$",
        "'', Last-Event-ID=$",
        "' ', lastEventID=$",
        "'', lastEventID=&lastEventId=%20&last-event-id&Last-Event-ID=$",
        "'', lastEventId=&lastEventId=$",
        "'', lastEventId=$&lastEventID=older&lastEventId=other",
        "'', since=$",
        "' ', lastEventID=%20&since=$",
        "'', since=&since=$",
        "'', since=%09&lastEventID=&since=%20$%20",
        "$, lastEventID=other&since=1",
    })
    void q21AnEmptyHeaderOrParameterIsAbsent(String header, String query) {
        String id = publish(topic, "0");
        publish(topic, "1");

        EventStream stream = hub.open(
                "/SSE?topic=" + topic + "&" + query.replace("$", id), Map.of("Last-Event-ID", header.replace("$", id)));

        stream.awaitCount(2);
        publish(topic, "2");
        eventually().until(() -> stream.data().contains("2"));
        assertThat(stream.data()).containsExactly("1", "2");
        assertThat(stream.messages()).noneMatch(message -> message.type().equals("gap"));
    }

    /** PROTOCOL Q21: a since that is no number, id, cursor, {@code earliest} or {@code latest} is an id, here an unknown one. */
    @ParameterizedTest
    @ValueSource(strings = {"Latest", "Earliest", "1.5", "1e3", "abc", "%2B1", "0x1"})
    void q21SinceWithOtherTextIsAnId(String since) {
        publish(topic, "0");

        EventStream stream = hub.open("/SSE?topic=" + topic + "&since=" + since);

        eventually().until(() -> stream.data().contains("0"));
        assertThat(stream.messages()).anyMatch(message -> message.type().equals("gap"));
    }

    @Test
    void q8StreamStartsAtOnceWithAnEmptyEventAndACursor() {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.headers().get("Content-Type")).startsWith("text/event-stream");
        assertThat(stream.retryMillis()).isEqualTo(2_000);
        assertThat(stream.messages()).singleElement().satisfies(message -> {
            assertThat(message.data()).isEqualTo("{}");
            assertThat(message.id()).startsWith("#");
        });
    }

    @Test
    void q8StreamMissesNothingPublishedAfterItsResponseHead() {
        for (int i = 0; i < 50; i++) {
            String own = topic + i;
            EventStream stream = hub.open("/SSE?topic=" + own);
            publish(own, "" + i);

            stream.awaitCount(2);
            assertThat(stream.data()).containsExactly("" + i);
        }
    }

    @Test
    void q8DefaultTopicIsLobbyForPublishersAndSubscribers() {
        EventStream stream = hub.live("/SSE");
        String mine = "\"" + UUID.randomUUID() + "\"";

        given().contentType("application/json")
                .body(mine)
                .post("/message")
                .then()
                .statusCode(200);

        eventually().until(() -> stream.data().contains(mine));
        EventStream named = hub.resume("/SSE?topic=lobby", "earliest");
        eventually().until(() -> named.data().contains(mine));
    }

    @Test
    void q9StreamsSeveralTopicsAndNoOthers() {
        EventStream both = hub.live("/SSE?topic=" + topic + "a&topic=" + topic + "b");
        EventStream every = hub.live("/SSE?topic=*");

        publish(topic + "a", "1");
        publish(topic + "c", "2");
        publish(topic + "b", "3");

        both.awaitCount(3);
        assertThat(both.data()).containsExactly("1", "3");
        eventually().until(() -> every.data().containsAll(List.of("1", "2", "3")));
    }

    @Test
    void q9AcceptsAnySingleLineTopic() {
        String odd = "https://example.com/ä?x=1&y=2#[z] ;+%";
        EventStream stream = hub.live("/SSE?topic=" + URLEncoder.encode(odd, StandardCharsets.UTF_8));

        publish(odd, "1");

        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic=",
                "topic=a%0Ab",
                "topic=a%00",
                "topic=%C2%85",
                "topic=%E2%80%8B",
                "topic=%FF",
            })
    void q9RejectsInvalidTopics(String query) {
        for (String method : List.of("GET", "POST")) {
            String path = method.equals("GET") ? "/SSE" : "/message";
            given().urlEncodingEnabled(false)
                    .contentType("application/json")
                    .body(method.equals("GET") ? "" : "{}")
                    .request(method, path + "?" + query)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("detail", matchesPattern("(?s).{20,}"));
        }
    }

    @Test
    void q9RejectsTopicsBeyondTheLimitsOnBothSides() {
        String largest = "t".repeat(4_096);
        post("application/json", "{}").statusCode(200);
        given().queryParam("topic", largest)
                .contentType("application/json")
                .body("{}")
                .post("/message")
                .then()
                .statusCode(200);
        assertThat(hub.live("/SSE?topic=" + largest).status()).isEqualTo(200);

        given().queryParam("topic", largest + "t")
                .contentType("application/json")
                .body("{}")
                .post("/message")
                .then()
                .statusCode(400)
                .body("detail", containsString("4096"));
        assertThat(hub.open("/SSE?topic=" + largest + "t").status()).isEqualTo(400);
    }

    @Test
    void q9RejectsMoreThan1000Selectors() {
        String thousand = String.join(
                "&", IntStream.range(0, 1_000).mapToObj(i -> "topic=" + i).toList());

        assertThat(hub.live("/SSE?" + thousand).status()).isEqualTo(200);
        assertThat(hub.open("/SSE?" + thousand + "&topic=x").status()).isEqualTo(400);
    }

    @Test
    void q9PublishesToOneTopicAtATime() {
        isProblem(
                given().contentType("application/json")
                        .body("{}")
                        .post("/message?topic=a&topic=b")
                        .then(),
                400,
                "invalid-field");
    }

    @Test
    void q10ReplaysAfterTheHeadersIdAndGoesLive() {
        publish(topic, "0");
        String id = publish(topic, "1");
        publish(topic, "2");
        publish(topic, "3");

        EventStream stream = hub.resume("/SSE?topic=" + topic, id);
        stream.awaitCount(3);
        publish(topic, "4");

        stream.awaitCount(4);
        assertThat(stream.data()).containsExactly("2", "3", "4");
    }

    @Test
    void q10AcceptsTheIdAsAParameter() {
        String id = publish(topic, "0");
        publish(topic, "1");

        EventStream stream = hub.open("/SSE?topic=" + topic + "&lastEventID=" + id);

        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("1");
    }

    @Test
    void q10HeaderTakesPrecedenceOverTheParameter() {
        String first = publish(topic, "0");
        String second = publish(topic, "1");
        publish(topic, "2");

        EventStream stream = hub.resume("/SSE?topic=" + topic + "&lastEventID=" + first, second);

        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("2");
    }

    @Test
    void q10EarliestReplaysTheWholeLog() {
        publish(topic, "0");
        publish(topic, "1");

        EventStream stream = hub.resume("/SSE?topic=" + topic, "earliest");

        stream.awaitCount(3);
        assertThat(stream.data()).containsExactly("0", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/SSE", "/sse"})
    void q10SinceNReplaysTheLatestNEventsThenGoesLive(String path) {
        IntStream.range(0, 10).forEach(i -> publish(topic, "" + i));
        publish(topic + "/other", "\"not for you\"");

        EventStream stream = hub.live(path + "?topic=" + topic + "&since=3");
        eventually().until(() -> stream.data().size() == 3);
        publish(topic, "10");

        eventually().until(() -> stream.data().size() == 4);
        assertThat(stream.data()).containsExactly("7", "8", "9", "10");
        assertThat(stream.messages())
                .extracting(Message::type)
                .containsExactly("message", "message", "message", "message", "live", "message");
        assertThat(stream.messages().get(0).data()).isEqualTo("{}");
        assertThat(stream.messages().get(4)).satisfies(live -> {
            assertThat(live.id()).startsWith("#");
            assertThat(live.data()).isEqualTo("{}");
        });
    }

    @Test
    void q10SinceNAppliesToAllTopicsTogether() {
        publish(topic + "a", "0");
        publish(topic + "b", "1");
        publish(topic + "a", "2");

        EventStream stream = hub.live("/SSE?topic=" + topic + "a&topic=" + topic + "b&since=2");

        stream.awaitCount(4);
        assertThat(stream.data()).containsExactly("1", "2");
    }

    @Test
    void q10SinceMoreThanRetainedReplaysAllWithoutAGap() {
        publish(topic, "0");
        publish(topic, "1");

        EventStream stream = hub.live("/SSE?topic=" + topic + "&since=1000");

        stream.awaitCount(4);
        assertThat(stream.data()).containsExactly("0", "1");
        assertThat(stream.messages()).extracting(Message::type).doesNotContain("gap");
    }

    @Test
    void q10SinceAnIdACursorOrEarliestResumesThere() {
        EventStream before = hub.live("/SSE?topic=" + topic);
        String cursor = URLEncoder.encode(before.lastEventId(), StandardCharsets.UTF_8);
        String id = publish(topic, "0");
        publish(topic, "1");

        for (String since : List.of(cursor, id, "earliest")) {
            EventStream stream = hub.live("/SSE?topic=" + topic + "&since=" + since);

            eventually().until(() -> stream.messages().stream()
                    .anyMatch(message -> message.type().equals("live")));
            assertThat(stream.data()).as(since).isEqualTo(since.equals(id) ? List.of("1") : List.of("0", "1"));
        }
    }

    @Test
    void q10SinceAnUnknownIdIsAGap() {
        publish(topic, "0");

        EventStream stream = hub.live("/SSE?topic=" + topic + "&since=unknown");

        stream.awaitCount(4);
        assertThat(stream.messages()).extracting(Message::type).containsExactly("message", "gap", "message", "live");
        assertThat(stream.messages().get(1).data()).isEqualTo("{\"requested\":\"unknown\",\"resumedAt\":\"earliest\"}");
        assertThat(stream.data()).containsExactly("0");
    }

    @Test
    void q10LastEventIdTakesPrecedenceOverSince() {
        publish(topic, "0");
        String id = publish(topic, "1");
        publish(topic, "2");

        EventStream byHeader = hub.resume("/SSE?topic=" + topic + "&since=2", id);
        EventStream byParameter = hub.live("/SSE?topic=" + topic + "&since=earliest&lastEventID=" + id);

        byHeader.awaitCount(3);
        byParameter.awaitCount(3);
        assertThat(byHeader.data()).containsExactly("2");
        assertThat(byParameter.data()).containsExactly("2");
    }

    @Test
    void q10EmptySinceIsAbsent() {
        publish(topic, "0");
        EventStream stream = hub.live("/SSE?topic=" + topic + "&since=");

        publish(topic, "1");

        stream.awaitCount(2);
        assertThat(stream.messages()).extracting(Message::type).containsOnly("message");
        assertThat(stream.data()).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0001", "1000", "000000000000000000000000000001"})
    void q10AcceptsSinceFrom1To1000(String number) {
        publish(topic, "0");

        EventStream stream = hub.live("/SSE?topic=" + topic + "&since=" + number);

        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "99999999999999999999999999"})
    void q10RejectsOtherNumbersWithARemedy(String number) {
        isProblem(
                given().get("/SSE?topic=" + topic + "&since=" + number)
                        .then()
                        .body("detail", containsString("from 1 to 1000"))
                        .body("detail", containsString("'lastEventID'")),
                400,
                "invalid-field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sse"})
    void q11ServesThePage(String path) {
        given().accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .get(path)
                .then()
                .statusCode(200)
                .contentType(ContentType.HTML)
                .body(containsString("<title>"));
        given().get(path).then().statusCode(200).contentType(ContentType.HTML);
    }

    @Test
    void q11TrailingSlashRedirectsToThePage() {
        given().get("/sse/")
                .then()
                .statusCode(200)
                .contentType(ContentType.HTML)
                .body(containsString("<title>"));
        given().redirects().follow(false).get("/sse/").then().statusCode(308).header("Location", endsWith("/sse"));
    }

    @Test
    void q11LowerCasePathStreamsWhenAStreamIsAccepted() {
        EventStream stream = hub.live("/sse?topic=" + topic);

        publish(topic, "1");

        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("1");
        assertThat(stream.headers().get("Content-Type")).startsWith("text/event-stream");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/message/x", "/SSE/x", "/q/nothing", "/sse.html"})
    void q12UnknownPathGets404(String path) {
        isProblem(given().get(path).then(), 404, "not-found");
    }

    @Test
    void q12LongPathIsQuotedInPart() {
        String path = "/" + "a".repeat(10_000);

        isProblem(given().get(path).then().body("detail.length()", lessThan(500)), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({"GET,/message,POST", "PUT,/message,POST", "DELETE,/message,POST", "DELETE,/SSE,QUERY", "PUT,/sse,POST"})
    void q12OtherMethodsGet405WithAllow(String method, String path, String allowed) {
        isProblem(
                given().request(method, path).then().header("Allow", containsString(allowed)),
                405,
                "method-not-allowed");
    }

    @Test
    void q12OtherMediaTypeGets406() {
        isProblem(given().accept("application/json").get("/SSE").then(), 406, "not-acceptable");
    }

    @Test
    void q12PublishingDoesNotDependOnAccept() {
        given().accept("application/json")
                .contentType("application/json")
                .body("{}")
                .post("/message?topic=" + topic)
                .then()
                .statusCode(200)
                .body(equalTo("success"));
    }

    @Test
    void q12AnswersHeadWithoutAStream() {
        given().head("/SSE").then().statusCode(200).contentType("text/event-stream");
    }
}
