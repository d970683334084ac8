package dev.herald.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q14 over HTTP: several updates in one request. */
@QuarkusTest
class UpdatesTest {
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "test/" + UUID.randomUUID();

    private Answer post(String type, String body) {
        return post(Map.of("Content-Type", type), Buffer.buffer(body));
    }

    private Answer post(Map<String, String> headers, Buffer body) {
        return hub.send(HttpMethod.POST, "/updates", headers, body);
    }

    private String update(String data) {
        return "{\"topic\":\"" + topic + "\",\"data\":" + data + "}";
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body())
                .getJsonArray("ids").stream().map(String.class::cast).toList();
    }

    private static JsonObject problem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonObject problem = new JsonObject(answer.body());
        assertThat(problem.getString("type")).isEqualTo("urn:problem-type:herald:" + type);
        assertThat(problem.getString("detail")).isNotBlank();
        return problem;
    }

    /** Everything published to the topic, up to an update that is published now. */
    private List<Message> published() {
        EventStream stream = hub.open("/SSE?lastEventID=earliest&topic=" + topic);
        HubClient.publish(topic, "\"the last\"");
        eventually().until(() -> stream.data().contains("\"the last\""));
        List<Message> messages = stream.messages();
        return messages.stream()
                .filter(message -> !message.data().equals("\"the last\""))
                .skip(1)
                .toList();
    }

    private List<String> publishedData() {
        return published().stream().map(Message::data).toList();
    }

    @Test
    void q14ArrayIsPublishedInItsOrder() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        String body = IntStream.range(0, 500)
                .mapToObj(i -> update("{\"n\":" + i + "}"))
                .collect(Collectors.joining(",\n", "[", "]"));

        Answer answer = post(JSON, body);

        List<String> ids = ids(answer);
        assertThat(answer.header("Content-Type")).startsWith(JSON);
        stream.awaitCount(501);
        List<Message> received = stream.messages().subList(1, 501);
        assertThat(received).extracting(Message::id).isEqualTo(ids);
        assertThat(received)
                .extracting(Message::data)
                .isEqualTo(IntStream.range(0, 500)
                        .mapToObj(i -> "{\"n\":" + i + "}")
                        .toList());
    }

    @Test
    void q14OneObjectIsABatchOfOne() {
        List<String> ids = ids(post("application/vnd.example+json", " " + update("\"hello\"") + "\n"));

        assertThat(published()).extracting(Message::id).isEqualTo(ids);
        assertThat(publishedData()).containsExactly("hello");
    }

    /** Marks, blank lines and both kinds of line ends occur in files that programs write. */
    @ParameterizedTest
    @ValueSource(strings = {"%s\n%s\n%s\n", "%s\r\n%s\r\n%s", "\uFEFF%s\n\n \n%s\r\n\r\n%s\n\n", "\n%s\n%s\n%s"})
    void q14LinesArePublishedInTheirOrder(String format) {
        String body = String.format(format, update("\"1\""), update("{\"ž\": 2}"), update("[3]"));

        List<String> ids = ids(post(LINES, body));

        assertThat(published()).extracting(Message::id).isEqualTo(ids);
        assertThat(publishedData()).containsExactly("1", "{\"ž\": 2}", "[3]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"b\" : 1.50, \"a\":[true , null, {\"b\":1,\"b\":2}],\"ü\":\"\\u00fc\\ud800\" }|{ \"b\" : 1.50, \"a\":[true , null, {\"b\":1,\"b\":2}],\"ü\":\"\\u00fc\\ud800\" }",
                "[ ]|[ ]",
                "\"say \\\"\\u017e\\ud83d\\udc0e\\\"\"|say \"ž🐎\"",
                "\"{\\\"a\\\":1}\"|{\"a\":1}",
                "\"two\\nlines\"|two\\nlines",
                "\"\"|''"
            })
    void q14DataIsTextOrJsonToTheLetter(String data, String expected) {
        ids(post(JSON, update(data)));

        assertThat(publishedData()).containsExactly(expected.replace("\\n", "\n"));
    }

    @Test
    void q14EveryMemberHasItsEffect() {
        String other = topic + "/other";
        String read = "{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}}";
        String token = TokenMint.wellKnown().token(read);
        EventStream anonymous = hub.live("/SSE?topic=" + other);
        EventStream granted = hub.open("/SSE?topic=" + other, Map.of("Authorization", "Bearer " + token));
        granted.awaitCount(1);

        List<String> ids = ids(post(
                JSON,
                "[{\"topics\":[\"" + topic + "\",\"" + other + "\",\"" + topic
                        + "\"],\"data\":\"secret\",\"private\":true,\"id\":\"own/" + topic
                        + "\",\"type\":\"greeting\",\"retry\":1500},"
                        + "{\"private\":false,\"data\":\"public\",\"topic\":\"" + other + "\"}]"));

        assertThat(ids).hasSize(2).startsWith("own/" + topic);
        granted.awaitCount(3);
        assertThat(granted.messages().get(1)).isEqualTo(new Message("own/" + topic, "greeting", "secret"));
        assertThat(granted.messages().get(2).data()).isEqualTo("public");
        anonymous.awaitCount(2);
        assertThat(anonymous.data()).doesNotContain("secret").contains("public");
    }

    /** Each is rejected with the number of the update; the valid one before it is not published. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "invalid-field|{\"topic\":\"t\",\"data\":42}|bare number",
                "invalid-field|{\"topic\":\"t\",\"data\":null}|bare number",
                "invalid-field|{\"topic\":\"t\",\"data\":true}|bare number",
                "invalid-field|{\"topic\":\"t\",\"data\":\"\\ud800\"}|surrogate",
                "invalid-field|{\"topic\":\"t\"}|'data' is missing",
                "invalid-field|{\"data\":\"x\"}|'topic' is missing",
                "invalid-field|{\"topics\":[],\"data\":\"x\"}|'topics' is empty: name at least one topic.",
                "invalid-field|{\"topics\":\"t\",\"data\":\"x\"}|not an array of strings: send one",
                "invalid-field|{\"topics\":[1],\"data\":\"x\"}|an element that is not a string",
                "invalid-field|{\"topics\":[[]],\"data\":\"x\"}|an element that is not a string",
                "invalid-field|{\"topics\":[\"t\",null],\"data\":\"x\"}|an element that is not a string",
                "invalid-field|{\"topic\":\"t\",\"topics\":[\"t\"],\"data\":\"x\"}|beside 'topic'",
                "invalid-field|{\"topic\":{},\"data\":\"x\"}|not a string",
                "invalid-field|{\"topic\":\"\",\"data\":\"x\"}|'topic' is empty: name the topic.",
                "invalid-field|{\"topic\":\"a\\nb\",\"data\":\"x\"}|U+000A",
                "invalid-field|{\"topic\":\"/.well-known/mercure/x\",\"data\":\"x\"}|reserved",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"privat\":true}|'privat'",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"private\":\"false\"}|neither true nor false",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"private\":null}|neither true nor false",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"private\":true,\"private\":false}|more than once",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"data\":\"y\"}|more than once",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"retry\":\"1\"}|number of milliseconds",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"retry\":-1}|number of milliseconds",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"retry\":1.5}|number of milliseconds",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"retry\":1234567890123456789}|number of milliseconds",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"id\":\"#x\"}|'id'",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"id\":7}|not a string",
                "invalid-field|{\"topic\":\"t\",\"data\":\"x\",\"type\":null}|not a string",
                "invalid-json|{\"topic\":\"t\",\"data\":\"x\",}|line",
                "invalid-json|{\"topic\":\"t\",\"data\":{\"a\":01}}|line",
                "invalid-json|{'topic':'t'}|line",
                "invalid-json|{\"topic\":\"t\",\"data\":NaN}|'NaN'. ",
                "invalid-json|{\"topic\":\"t\",/**/\"data\":\"\"}|'/' (code 47)). ",
                "invalid-json|{\"topic\":\"t\"|ends within it",
                "invalid-json|{\"topic\":\"t\",\"data\":\"x|ends within it",
                "invalid-json|[]|not an object",
                "invalid-json|\"t\"|not an object",
                "invalid-json|nul|line"
            })
    void q14InvalidUpdateIsRejectedWithItsNumber(String type, String invalid, String reason) {
        for (String format : List.of(JSON, LINES)) {
            boolean lines = format.equals(LINES);
            boolean cut = reason.startsWith("ends");
            String body = (lines ? "" : "[")
                    + update("\"valid\"")
                    + (lines ? "\n" : ",")
                    + invalid
                    + (lines || cut ? "" : "]");

            JsonObject problem = problem(post(format, body), 400, type);

            assertThat(problem.getInteger("index")).as(body).isEqualTo(1);
            assertThat(problem.getString("detail"))
                    .as(body)
                    .startsWith("Update 1 (counted from 0): ")
                    .contains(reason)
                    .contains("Nothing was published");
        }
        assertThat(publishedData()).isEmpty();
    }

    /** A line that was cut must not be completed by the next one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"topic\":\"T\",\"data\":\n{\"topic\":\"T\",\"data\":\"x\"}",
                "{\"topic\":\"T\",\"data\":{\n\"topic\":\"T\",\"data\":\"x\"}}",
                "{\"topic\":\"T\",\n\"data\":\"x\"}",
                "{\"topic\":\"T\",\"data\":\"x\"\n}",
                "{\"topic\":\"T\",\"data\":\"x\"}{\"topic\":\"T\",\"data\":\"y\"}",
                "{\"topic\":\"T\",\"data\":\"x\"} {\"topic\":\"T\",\"data\":\"y\"}",
                "{\"topic\":\"T\",\"data\":\"x\n\"}"
            })
    void q14LineThatIsNotOneUpdateIsRejected(String body) {
        problem(post(LINES, body.replace("T", topic)), 400, "invalid-json");

        assertThat(publishedData()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|''",
                "application/json|[]",
                "application/json|' '",
                "application/json|\uFEFF",
                "application/x-ndjson|''",
                "application/x-ndjson|'\n\r\n'"
            })
    void q14BodyWithoutAnUpdateIsRejected(String type, String body) {
        problem(post(type, body), 400, "empty-body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s,%s", "%s%s", "[%s]%s", "[[%s,%s]]", "[%s]]%s"})
    void q14JsonIsOneObjectOrOneArrayOfObjects(String format) {
        problem(post(JSON, String.format(format, update("\"1\""), update("\"2\""))), 400, "invalid-json");

        assertThat(publishedData()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s] x", "%s]", "%s\0", "[%s]}", "%s null"})
    void q14BodyEndsWithItsJson(String format) {
        JsonObject problem = problem(post(JSON, String.format(format, update("\"1\""))), 400, "invalid-json");

        assertThat(problem.getString("detail")).contains("Something follows the JSON value", "as an array", LINES);
        assertThat(publishedData()).isEmpty();
    }

    @Test
    void q14FormatsThatAreConfusedAreNamed() {
        String update = update("\"1\"");

        assertThat(problem(post(JSON, update + "\n" + update), 400, "invalid-json")
                        .getString("detail"))
                .endsWith("Something follows the JSON value in the body. Send several as an array, or one a line as"
                        + " application/x-ndjson. Nothing was published.");
        assertThat(problem(post(LINES, "[" + update + "]"), 400, "invalid-json").getString("detail"))
                .endsWith("It is an array and not an object. Send one object a line, or the array as application/json."
                        + " Nothing was published.");
    }

    /** A second mark would shift the data, which is published to the letter. */
    @Test
    void q14OnlyOneByteOrderMarkIsSkipped() {
        for (String format : List.of(JSON, LINES)) {
            problem(post(format, "\uFEFF\uFEFF" + update("{\"n\":1}")), 400, "invalid-json");
            ids(post(format, "\uFEFF" + update("{\"n\":1}")));
        }

        assertThat(publishedData()).containsExactly("{\"n\":1}", "{\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "retry", "name"})
    void q14LongNumbersAndNamesAreRejectedWithTheReason(String what) {
        String member =
                switch (what) {
                    case "number" -> "\"data\":{\"a\":" + "9".repeat(1_001) + "}";
                    case "retry" -> "\"data\":\"\",\"retry\":" + "9".repeat(1_001);
                    default -> "\"data\":{\"" + "n".repeat(50_001) + "\":1}";
                };

        JsonObject problem = problem(post(JSON, "{\"topic\":\"" + topic + "\"," + member + "}"), 400, "invalid-json");

        assertThat(problem.getString("detail"))
                .contains(what.equals("name") ? "A name in it is too long" : "A number in it is too long");
        assertThat(publishedData()).isEmpty();
    }

    @Test
    void q14DeepNestingIsRejected() {
        String deep = update("[".repeat(5_000) + "]".repeat(5_000));

        JsonObject problem = problem(post(JSON, "[" + update("\"valid\"") + "," + deep + "]"), 400, "invalid-json");

        assertThat(problem.getString("detail")).contains("nested too deeply");
        assertThat(publishedData()).isEmpty();
        ids(post(JSON, update("[".repeat(900) + "]".repeat(900))));
    }

    @Test
    void q14ThereAreAtMost10000Updates() {
        String small = "{\"topic\":\"" + topic + "\",\"data\":\"\"}";
        String most = String.join("\n", Collections.nCopies(10_000, small));

        JsonObject problem = problem(post(LINES, most + "\n" + small), 413, "batch-too-large");

        assertThat(problem.getString("detail")).contains("10000");
        assertThat(problem.getInteger("index")).isEqualTo(10_000);
        assertThat(publishedData()).isEmpty();
        assertThat(ids(post(LINES, most))).hasSize(10_000).doesNotHaveDuplicates();
    }

    @Test
    void q14ThereAreAtMost20000TopicsInAllUpdates() {
        String names = IntStream.range(0, 1_000)
                .mapToObj(i -> "\"" + topic + (i == 0 ? "" : "/" + i) + "\"")
                .collect(Collectors.joining(","));
        String large = "{\"topics\":[" + names + "],\"data\":\"\"}";
        String most = String.join("\n", Collections.nCopies(20, large));

        JsonObject problem =
                problem(post(LINES, most + "\n{\"topic\":\"" + topic + "\",\"data\":\"\"}"), 413, "batch-too-large");

        assertThat(problem.getString("detail")).contains("20000");
        assertThat(problem.getInteger("index")).isEqualTo(20);
        assertThat(publishedData()).isEmpty();
        assertThat(ids(post(LINES, most))).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void q14ForeignTopicIsNamedWithItsUpdateAndNothingIsPublished() {
        String token = TokenMint.wellKnown().token("{\"mercure\":{\"publish\":[\"" + topic + "\"]}}");
        List<String> updates = new ArrayList<>(Collections.nCopies(1_000, update("\"x\"")));
        updates.set(617, "{\"topics\":[\"" + topic + "\",\"foreign\"],\"data\":\"x\"}");
        updates.set(700, "{\"topic\":\"foreign\",\"data\":\"x\"}");
        updates.set(701, "{\"topic\":\"another\",\"data\":\"x\"}");
        Map<String, String> headers = Map.of("Content-Type", LINES, "Authorization", "Bearer " + token);

        Answer answer = post(headers, Buffer.buffer(String.join("\n", updates)));

        JsonObject problem = problem(answer, 403, "insufficient-scope");
        assertThat(problem.getString("detail")).contains("Update 617 ", "'foreign'");
        assertThat(problem.getInteger("index")).isEqualTo(617);
        assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope");
        assertThat(publishedData()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json;charset=utf-16",
                "application/x-ndjson;charset=iso-8859-1",
                "nonsense"
            })
    void q14OtherContentTypeIsRejected(String type) {
        assertThat(problem(post(type, update("\"x\"")), 415, "unsupported-media-type")
                        .getString("detail"))
                .contains("application/x-ndjson");
    }

    @Test
    void q14MissingContentTypeIsRejected() {
        problem(post(Map.of(), Buffer.buffer(update("\"x\""))), 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/updates", "/message?topic=t", "/.well-known/mercure"})
    void q14CompressedBodyIsRejected(String path) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(update("\"x\"").getBytes(StandardCharsets.UTF_8));
        }
        String type = path.startsWith("/.") ? "application/x-www-form-urlencoded" : JSON;
        Map<String, String> headers = Map.of("Content-Type", type, "Content-Encoding", "gzip");

        Answer answer = hub.send(HttpMethod.POST, path, headers, Buffer.buffer(compressed.toByteArray()));

        assertThat(problem(answer, 415, "unsupported-media-type").getString("detail"))
                .contains("compressed");
    }

    /** A list may be in several lines (RFC 9110 §5.3). */
    @ParameterizedTest
    @ValueSource(strings = {"/updates", "/message?topic=t", "/.well-known/mercure", "/SSE"})
    void q14CompressedBodyIsRejectedWhicheverLineOfTheHeaderSaysSo(String path) throws IOException {
        try (RawConnection connection = new RawConnection()) {
            String type = path.startsWith("/.") || path.equals("/SSE") ? "application/x-www-form-urlencoded" : JSON;

            String answer = connection
                    .send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                            + "\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n")
                    .answer();

            assertThat(answer).startsWith("HTTP/1.1 415 ").contains("compressed");
        }
    }

    @Test
    void q14IdentityIsNoCompression() {
        ids(post(Map.of("Content-Type", JSON, "Content-Encoding", "identity"), Buffer.buffer(update("\"x\""))));
    }

    @Test
    void q14OtherCharsetIsRejected() {
        String body = update("\"žluťoučký\"");
        List<byte[]> encoded = List.of(
                body.getBytes(StandardCharsets.UTF_16),
                body.getBytes(StandardCharsets.UTF_16LE),
                new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                        .replace("ž", "\u00E9")
                        .getBytes(StandardCharsets.ISO_8859_1));
        for (byte[] bytes : encoded) {
            Answer answer = post(Map.of("Content-Type", JSON), Buffer.buffer(bytes));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        }
        assertThat(publishedData()).isEmpty();
    }

    @Test
    void q14FieldInTheQueryIsRejected() {
        Answer answer = hub.send(
                HttpMethod.POST, "/updates?private=on", Map.of("Content-Type", JSON), Buffer.buffer(update("\"x\"")));

        assertThat(problem(answer, 400, "invalid-field").getString("detail")).contains("'private'");
        assertThat(publishedData()).isEmpty();
    }

    @Test
    void q14OtherMethodIsRejected() {
        assertThat(hub.send(HttpMethod.PUT, "/updates", Map.of(), Buffer.buffer())
                        .status())
                .isEqualTo(405);
    }

    @Test
    void q14PageOfAnotherOriginIsRejected() {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", JSON));
        headers.put("Origin", "https://evil.example");

        problem(post(headers, Buffer.buffer(update("\"x\""))), 403, "foreign-origin");

        assertThat(publishedData()).isEmpty();
    }
}
