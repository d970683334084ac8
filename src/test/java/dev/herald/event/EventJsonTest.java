package dev.herald.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EventJsonTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.789123Z");
    private static final int RANDOM_TEXTS = 2_000;

    @Test
    void q17HasTheFieldsOfTheEvent() {
        Event event = event(true, Optional.of("price"), "{\"a\": 1.50}", "https://example.com/a", "b");

        assertThat(json(event))
                .isEqualTo("{\"id\":\"id-1\",\"topics\":[\"https://example.com/a\",\"b\"],\"type\":\"price\","
                        + "\"private\":true,\"time\":\"2026-02-03T04:05:06.789Z\",\"data\":{\"a\": 1.50}}");
    }

    @Test
    void q17HasNoTypeIfTheEventHasNone() {
        assertThat(json(event("hello")))
                .isEqualTo("{\"id\":\"id-1\",\"topics\":[\"t\"],\"private\":false,"
                        + "\"time\":\"2026-02-03T04:05:06.789Z\",\"data\":\"hello\"}");
    }

    @Test
    void q17TimeAlwaysHasMilliseconds() {
        Event event = Event.of(1, new EventId("i"), Instant.EPOCH, false, Update.of(new Topic("t"), ""));

        assertThat(json(event)).contains("\"time\":\"1970-01-01T00:00:00.000Z\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1.50,\"a\":[null,true]}",
                "[]",
                " 1e400 ",
                "-0",
                "\"text\"",
                "null",
                "\"\\ud800 \\u2028 \u2028\"",
                "{\"ä\":\"🐎\"}"
            })
    void q17DataThatIsJsonIsEmbeddedAsPublished(String data) {
        assertThat(json(event(data))).endsWith(",\"data\":" + data + "}");
    }

    @Test
    void q17LineBreaksBetweenTheTokensOfJsonBecomeSpaces() throws IOException {
        String json = json(event("{\r\n  \"a\":\n[1,\r2]\n}\n"));

        assertThat(json).endsWith(",\"data\":{    \"a\": [1, 2] } }");
        assertThat(new ObjectMapper().readTree(json).at("/data/a/1").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{", "{} {}", "01", "\"open", "'a'", "\ufeff{}", "NaN"})
    void q17OtherDataBecomesAString(String data) throws IOException {
        JsonNode read = read(event(data));

        assertThat(read.get("data").isTextual()).isTrue();
        assertThat(read.get("data").textValue()).isEqualTo(data);
    }

    @Test
    void q17StringsAreEscaped() {
        assertThat(json(event("\" \\ / \b\f\n\r\t \u0000\u001f \u007f \u2028\u2029\u202a ä🐎 x")))
                .endsWith(
                        ",\"data\":\"\\\" \\\\ / \\b\\f\\n\\r\\t \\u0000\\u001f \u007f \\u2028\\u2029\u202a ä🐎 x\"}");
    }

    @Test
    void q17IdTopicsAndTypeAreEscaped() throws IOException {
        String name = "\"\\{+x}\u2028ü";
        Update update = new Update(
                List.of(new Topic(name), new Topic("b")),
                "{}",
                false,
                Optional.empty(),
                Optional.of(new EventType(name)),
                OptionalLong.of(5));

        JsonNode read = read(Event.of(1, new EventId(name), TIME, false, update));

        assertThat(read.get("id").textValue()).isEqualTo(name);
        assertThat(read.get("topics").get(0).textValue()).isEqualTo(name);
        assertThat(read.get("type").textValue()).isEqualTo(name);
        assertThat(read.has("retry")).isFalse();
    }

    @Test
    void q17HalfOfASurrogatePairBecomesAQuestionMarkAsInTheFrame() throws IOException {
        assertThat(read(event("a\ud800b")).get("data").textValue()).isEqualTo("a?b");
    }

    @Test
    void q17TooDeepJsonBecomesAString() throws IOException {
        String deepest = "[".repeat(JsonSyntax.MAX_DEPTH) + "]".repeat(JsonSyntax.MAX_DEPTH);

        assertThat(read(event(deepest)).get("data").isArray()).isTrue();
        assertThat(read(event("[" + deepest + "]")).get("data").isTextual()).isTrue();
    }

    @Test
    void q17AnyTextIsReadBackFromASingleLine() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_TEXTS; i++) {
            String text = text(random);
            Event event = event(text);
            String json = json(event);

            assertThat(json).as("seed %d", seed).doesNotContain("\n", "\r");
            assertThat(new ObjectMapper().readTree(json).get("data").textValue())
                    .as("seed %d", seed)
                    .isEqualTo(text);
        }
    }

    private static String text(Random random) {
        String characters = "\u0000\u0007\b\t\n\u000b\f\r\u001b\"\\/ 0a{}[]\u007f\u0085ä\u2027\u2028\u2029\u202a€";
        // The first character keeps the text from being JSON.
        StringBuilder text = new StringBuilder("~");
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    @Test
    void sizeIsExactAndBounded() {
        String worst = "\u0000".repeat(1_000);
        for (String data : List.of("", "{}", "\n", worst, "[\n]", "\u2028\u2028")) {
            Event event = event(data);
            EventJson json = EventJson.of(event);

            assertThat(json.toBytes()).hasSize((int) json.size());
            assertThat(json.size()).isLessThanOrEqualTo(6 * event.size() + 150);
        }
    }

    @Test
    void writesIntoALargerArray() {
        EventJson json = EventJson.of(event("{}"));
        byte[] out = new byte[(int) json.size() + 7];

        assertThat(json.writeTo(out, 5)).isEqualTo(out.length - 2);
        assertThat(new String(out, 5, (int) json.size(), StandardCharsets.UTF_8))
                .isEqualTo(new String(json.toBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void dataThatSharesTheFrameIsEncodedAlike() {
        Event shared = event("[1, 2]");
        Event separate = event("[1,\n2]");

        assertThat(json(separate)).isEqualTo(json(shared));
    }

    private static JsonNode read(Event event) throws IOException {
        return new ObjectMapper().readTree(EventJson.of(event).toBytes());
    }

    private static String json(Event event) {
        return new String(EventJson.of(event).toBytes(), StandardCharsets.UTF_8);
    }

    private static Event event(String data) {
        return event(false, Optional.empty(), data, "t");
    }

    private static Event event(boolean isPrivate, Optional<String> type, String data, String... topics) {
        Update update = new Update(
                Stream.of(topics).map(Topic::new).toList(),
                data,
                isPrivate,
                Optional.empty(),
                type.map(EventType::new),
                OptionalLong.empty());
        return Event.of(1, new EventId("id-1"), TIME, false, update);
    }
}
