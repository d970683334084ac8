package dev.herald.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL Q13: an update with a {@code private} mark, valid or not, never reaches an anonymous subscriber.
 * The mark is in the query or in a form, of the quick API or of Mercure. It may be misspelt, escaped, in another case,
 * with blanks, duplicate, behind a semicolon or a hash, or on a path or method that does not publish. Either it is
 * valid or the request is rejected. In each case an anonymous stream of all topics must stay empty.
 */
@QuarkusTest
class PrivateUpdateTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TOKEN = TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"*\"]}}");

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "test/" + UUID.randomUUID();
    private EventStream anybody;
    private EventStream granted;

    @BeforeEach
    void listen() {
        anybody = hub.live("/SSE?topic=*");
        granted = hub.open("/SSE?topic=*", Map.of("Authorization", "Bearer " + TOKEN))
                .awaitCount(1);
    }

    private String send(String method, String target, String type, String body) throws IOException {
        String content = body == null ? "" : body.replace("$T", topic);
        try (RawConnection connection = new RawConnection()) {
            return connection
                    .send(method + " " + target.replace("$T", topic) + " HTTP/1.1\r\nHost: localhost\r\n"
                            + (type == null ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: "
                            + content.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n" + content)
                    .answer();
        }
    }

    private String post(String target, String type, String body) throws IOException {
        return send("POST", target, type, body);
    }

    private static void assertStatus(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }

    /** Verifies that the stream received exactly these events, then the marker. */
    private static void assertReceivedOnly(EventStream stream, String... data) {
        publish("marker", "\"marker\"");
        stream.awaitCount(data.length + 2);
        String[] all = new String[data.length + 1];
        System.arraycopy(data, 0, all, 0, data.length);
        all[data.length] = "\"marker\"";
        assertThat(stream.data()).containsExactly(all);
    }

    /** {@code $T} in the table is the topic. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "/message?topic=$T&private=on|application/json|1",
                "/message?private&topic=$T|application/json|1",
                "/message?topic=$T&private=|application/json|1",
                "/message?topic=$T&private=false|application/json|1",
                "/message?topic=$T&private=0|application/json|1",
                "/message?topic=$T&private=off|application/json|1",
                "/message?topic=$T&private=no&private=off|application/json|1",
                "/message?topic=$T&%70rivate=on|application/json|1",
                "/message?topic=$T&priv%61te|application/json|1",
                "/message?&&topic=$T&&private=on&|application/json|1",
                "/message?topic=$T&private=on|text/plain|1",
                "/message?topic=$T&private=on|none|1",
                "/message?private=on|application/json|1",
                "/message/?topic=$T&private=on|application/json|1",
                "//message?topic=$T&private=on|application/json|1",
            })
    void q13PrivateParameterAppliesWithAnyValue(String target, String type, String body) throws IOException {
        String answer = post(target, type, body);

        assertStatus(answer, 200);
        assertReceivedOnly(anybody);
        assertReceivedOnly(granted, "1", "\"marker\"");
    }

    @ParameterizedTest
    @CsvSource({
        "message=1&private=on",
        "private&message=1",
        "message=1&private=false",
        "message=1&private=",
        "message=1&%70%72ivate=on",
        "\u00EF\u00BB\u00BFprivate=on&message=1",
    })
    void q13PrivateFormFieldAppliesWithAnyValue(String form) throws IOException {
        String answer = post("/message?topic=" + topic, FORM, form);

        assertStatus(answer, 200);
        assertReceivedOnly(anybody);
        assertReceivedOnly(granted, "{\"message\":\"1\"}", "\"marker\"");
    }

    /** The response contains the name of the rejected parameter. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "/message?topic=$T&privat=on|application/json|1|privat",
                "/message?topic=$T&Private=on|application/json|1|Private",
                "/message?topic=$T&PRIVATE|application/json|1|PRIVATE",
                "/message?topic=$T&private%20=on|application/json|1|'private '",
                "/message?topic=$T&+private=on|application/json|1|' private'",
                "/message?topic=$T&private%00=on|application/json|1|private",
                "/message?topic=$T&private[]=on|application/json|1|private[]",
                "/message?topic=$T&is_private=on|application/json|1|is_private",
                "/message?topic=$T&?private=on|application/json|1|?private",
                "/message?topic=$T&amp;private=on|application/json|1|amp;private",
                "/message?topic=$T&privat%C3%A9|application/json|1|privat\u00E9",
                "/message?topic=$T&%FF|application/json|1|\uFFFD",
                "/message?topic=$T&=private|application/json|1|''' is not'",
                "/message?topic=$T&=private=on|application/json|1|''' is not'",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&=private|''' is not'",
                "/message?topic=$T&message=1|application/json|1|message",
                "/message?topic=$T&data=1&private=on|application/json|1|data",
                "/message?topic=$T&topics=x|application/json|1|topics",
                "/message?topic=$T&lastEventID=x|application/json|1|lastEventID",
                "/message?topic=$T&target=x|text/plain|1|target",
                "/message?topic=$T&privat=on|application/x-www-form-urlencoded|message=1|privat",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&privat=on|privat",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&Private=on|Private",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&+private=on|' private'",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&data=2|data",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&authorization=x|authorization",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&private=on&Message=2|Message",
                "/.well-known/mercure?private=on|application/x-www-form-urlencoded|topic=$T&data=1|private",
                "/.well-known/mercure?private|application/x-www-form-urlencoded|topic=$T&data=1|private",
                "/.well-known/mercure?topic=$T|application/x-www-form-urlencoded|topic=$T&data=1|topic",
                "/.well-known/mercure?topic=$T&private=on|application/x-www-form-urlencoded|data=1|topic",
                "/.well-known/mercure?privat=on|application/x-www-form-urlencoded|topic=$T&data=1|privat",
                "/.well-known/mercure?x|application/x-www-form-urlencoded|topic=$T&data=1|x",
                "/.well-known/mercure?Authorization=x|application/x-www-form-urlencoded|topic=$T&data=1|Authorization",
            })
    void q13UnknownParameterIsRejectedByName(String target, String type, String body, String name) throws IOException {
        String answer = post(target, type, body);

        assertStatus(answer, 400);
        String utf8 = new String(answer.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(utf8).contains("application/problem+json").contains("'" + name);
        assertReceivedOnly(anybody);
        assertReceivedOnly(granted, "\"marker\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/message?topic=$T&topic=$T|application/json|1",
                "/message?topic=$T&type=a&type=b|application/json|1",
                "/message?topic=$T&id=a&id=|application/json|1",
                "/message?topic=$T&retry=1&retry=2|application/json|1",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&topic=$T",
                "/message?topic=$T&type=a|application/x-www-form-urlencoded|message=1&type=b",
                "/message?topic=$T&id=a|application/x-www-form-urlencoded|id=a&message=1",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&retry=1&retry=1",
                "/message?topic=$T|application/x-www-form-urlencoded|message=1&message=2",
            })
    void q13DuplicateParameterIsRejected(String target, String type, String body) throws IOException {
        String answer = post(target, type, body);

        assertStatus(answer, 400);
        assertThat(answer)
                .containsAnyOf("at /.well-known/mercure, or with 'topics' at /updates.", "one message at a time");

        assertReceivedOnly(anybody);
        assertReceivedOnly(granted, "\"marker\"");
    }

    /** Requests that publish nothing, wherever the mark is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "POST|/message;private=on?topic=$T|application/json|1",
                "POST|/message;private=on|application/json|1",
                "POST|/message;private|application/json|1",
                "POST|/message;|application/json|1",
                "POST|/message%3Bprivate=on?topic=$T|application/json|1",
                "POST|/message/;private=on?topic=$T|application/json|1",
                "POST|/;private=on/message?topic=$T|application/json|1",
                "POST|/message/private?topic=$T|application/json|1",
                "POST|/message&private=on?topic=$T|application/json|1",
                "POST|/message%3Fprivate=on|application/json|1",
                "POST|/message?topic=$T#private=on|application/json|1",
                "POST|/message#?topic=$T&private=on|application/json|1",
                "POST|/message#private=on|application/json|1",
                "POST|/.well-known/mercure;private=on|application/x-www-form-urlencoded|topic=$T&data=1",
                "POST|/.well-known;private=on/mercure|application/x-www-form-urlencoded|topic=$T&data=1",
                "POST|/.well-known/mercure#private=on|application/x-www-form-urlencoded|topic=$T&data=1",
                "POST|/SSE?topic=$T&private=on|application/json|1",
                "POST|/sse?topic=$T&private=on|application/json|1",
                "POST|/?topic=$T&private=on|application/json|1",
                "POST|/Message?topic=$T&private=on|application/json|1",
                "PUT|/message?topic=$T&private=on|application/json|1",
                "PATCH|/message?topic=$T&private=on|application/json|1",
                "GET|/message?topic=$T&private=on|application/json|1",
                "PUT|/.well-known/mercure|application/x-www-form-urlencoded|topic=$T&data=1&private=on",
            })
    void q13OtherMethodsPathsAndTypesPublishNothing(String method, String target, String type, String body)
            throws IOException {
        assertThat(send(method, target, type, body)).startsWith("HTTP/1.1 4");

        assertReceivedOnly(anybody);
        assertReceivedOnly(granted, "\"marker\"");
    }

    @Test
    void multipartFormIsRejected() throws IOException {
        String form = "--x\r\nContent-Disposition: form-data; name=\"private\"\r\n\r\non\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n1\r\n--x--\r\n";

        assertStatus(post("/message?topic=" + topic, "multipart/form-data; boundary=x", form), 415);
        assertStatus(post("/.well-known/mercure", "multipart/form-data; boundary=x", form), 400);

        assertReceivedOnly(anybody);
    }

    @Test
    void severalContentTypesAreRejected() throws IOException {
        String types = "text/plain\r\nContent-Type: " + FORM;

        assertStatus(post("/message?topic=" + topic, types, "message=1&private=on"), 415);
        assertStatus(post("/.well-known/mercure", types, "topic=" + topic + "&private=on"), 400);

        assertReceivedOnly(anybody);
    }

    @Test
    void mercureFormWithAByteOrderMarkBeforePrivateIsPrivate() throws IOException {
        String answer = post("/.well-known/mercure", FORM, "\u00EF\u00BB\u00BFprivate&topic=$T&data=1");

        assertStatus(answer, 200);
        assertReceivedOnly(anybody);
        assertReceivedOnly(granted, "1", "\"marker\"");
    }

    @Test
    void q13AllFieldsOfAnUpdateAreAccepted() throws IOException {
        String id = "id of " + topic;

        String inQuery = post(
                "/message?topic=$T&type=order.paid&retry=0042&private&id=" + id.replace(" ", "%20"), "text/plain", "1");
        String inForm = post("/message", FORM, "topic=$T&message=2&type=a+b&id=2+" + id.replace(" ", "+"));
        String empty = post("/message?topic=$T&type=&id=&retry=", "text/plain", "3");

        assertThat(inQuery).startsWith("HTTP/1.1 200 ").contains("Event-ID: " + id + "\r\n");
        assertStatus(inForm, 200);
        assertStatus(empty, 200);
        assertThat(granted.awaitCount(4).messages().subList(1, 3))
                .containsExactly(
                        new Message(id, "order.paid", "1"), new Message("2 " + id, "a b", "{\"message\":\"2\"}"));
        assertThat(granted.retryMillis()).isEqualTo(42);
        assertThat(granted.messages().get(3).id()).startsWith("urn:uuid:");
        assertThat(anybody.awaitCount(3).messages())
                .extracting(Message::data)
                .containsExactly("{}", "{\"message\":\"2\"}", "3");
    }

    @Test
    void idInTheResponseIsUtf8() throws IOException {
        String answer = post("/message?topic=$T&id=%C3%BC%E2%82%AC", "application/json", "1");

        String latin1 = new String("ü€".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Event-ID: " + latin1 + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"id=earliest", "id=%231", "id=%20a", "id=a%0A", "type=a%0Db", "retry=-1", "retry=1s", "type=%FF"})
    void q13InvalidFieldIsRejected(String field) throws IOException {
        assertStatus(post("/message?topic=$T&" + field, "application/json", "1"), 400);
        assertStatus(post("/message?topic=$T", FORM, "message=1&" + field), 400);

        assertReceivedOnly(granted);
    }

    @Test
    void q13MembersOfAJsonBodyAreData() throws IOException {
        String json = "{\"message\":1,\"private\":true,\"privat\":\"on\",\"id\":\"x\"}";

        assertStatus(post("/message?topic=$T", "application/json", json), 200);

        assertReceivedOnly(anybody, json);
    }
}
