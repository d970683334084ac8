package dev.herald.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@link JsonSyntax}, also against Jackson with random texts. */
class JsonSyntaxTest {
    private static final int RANDOM_TEXTS = 50_000;
    private static final String[] TOKENS = {
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00fF\"", "\"\\n\"", "\"ä🐎\"", "0", "-1", "1.5e+3", "1E9", "true",
        "false", "null", " ", "\n", "\t", "\r\n", "\"", "\\", "01", "-", ".", "e", "\"\\x\"", "\"\u0001\"", "\u00a0"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " \t\r\n{} ",
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-0.0e-0",
                "12.50E+07",
                "\"\"",
                "\"ä🐎\u2028\u0085\u007f\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud800\\uABCD\"",
                "[1,[2,{}],{\"a\":[]}]",
                "{\"a\":1,\"a\" : {\"b\":[{}, null]}\n}",
                "[[],[]]",
            })
    void isText(String text) {
        assertThat(isJson(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hello",
                "tru",
                "nullx",
                "null null",
                "{} {}",
                "{",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1}",
                "{\"a\":1]",
                "{]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{'a':1}",
                "]",
                ",",
                ":",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1e",
                "1e+",
                "1.5.5",
                "0x10",
                "NaN",
                "Infinity",
                "\"",
                "\"a",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "\"\u0000\"",
                "\"\t\"",
                "{} // comment",
                "\ufeff{}",
                "\u00a0{}",
                "{}\u0000",
                "\u000b1",
                "1\u0000",
            })
    void isNoText(String text) {
        assertThat(isJson(text)).isFalse();
    }

    @Test
    void nestingIsBounded() {
        int most = JsonSyntax.MAX_DEPTH;

        assertThat(isJson("[".repeat(most) + "]".repeat(most))).isTrue();
        assertThat(isJson("{\"a\":".repeat(most) + "1" + "}".repeat(most))).isTrue();
        assertThat(isJson("[".repeat(most + 1) + "]".repeat(most + 1))).isFalse();
        assertThat(isJson("[".repeat(1_000_000))).isFalse();
    }

    @Test
    void numbersAreBounded() {
        int most = JsonSyntax.MAX_NUMBER_LENGTH;

        assertThat(isJson("1".repeat(most))).isTrue();
        assertThat(isJson("1".repeat(most + 1))).isFalse();
    }

    @Test
    void readsOnlyItsRange() {
        byte[] bytes = "x[1]2".getBytes(StandardCharsets.UTF_8);

        assertThat(JsonSyntax.isText(bytes, 1, 4)).isTrue();
        assertThat(JsonSyntax.isText(bytes, 1, 3)).isFalse();
        assertThat(JsonSyntax.isText(bytes, 4, 5)).isTrue();
        assertThat(JsonSyntax.isText(bytes, 4, 4)).isFalse();
    }

    @Test
    void agreesWithJackson() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int valid = 0;
        for (int i = 0; i < RANDOM_TEXTS; i++) {
            String text = random.nextBoolean() ? tokens(random) : mutated(value(random, 4), random);
            boolean expected = jacksonReads(text);
            valid += expected ? 1 : 0;

            assertThat(isJson(text)).as("seed %d: <%s>", seed, text).isEqualTo(expected);
        }
        assertThat(valid).as("valid texts").isBetween(RANDOM_TEXTS / 20, RANDOM_TEXTS);
    }

    private static String tokens(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = 1 + random.nextInt(5); count > 0; count--) {
            text.append(TOKENS[random.nextInt(TOKENS.length)]);
        }
        return text.toString();
    }

    private static String value(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 3 : 5);
        return switch (kind) {
            case 0 -> "\"é\\u0041\\n/\"";
            case 1 -> Double.toString(random.nextGaussian() * 1e8);
            case 2 -> random.nextBoolean() ? "true" : "null";
            case 3 -> "[" + value(random, depth - 1) + (random.nextBoolean() ? "" : "," + value(random, 0)) + " ]";
            default -> "{\"k\" : " + value(random, depth - 1) + ",\n\"k\":" + value(random, 0) + "}";
        };
    }

    private static String mutated(String text, Random random) {
        int at = random.nextInt(text.length());
        return switch (random.nextInt(3)) {
            case 0 -> text;
            case 1 -> text.substring(0, at) + text.substring(at + 1);
            default -> text.substring(0, at) + TOKENS[random.nextInt(TOKENS.length)] + text.substring(at);
        };
    }

    private static boolean jacksonReads(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static boolean isJson(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return JsonSyntax.isText(utf8, 0, utf8.length);
    }
}
