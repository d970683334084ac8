package dev.herald.web.quick;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.herald.event.InvalidFieldException;
import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.ReplayFrom;
import dev.herald.web.SinceParameter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bodies of the quick API, and its parameter {@code since}. JSON is accepted if Jackson's incremental parser of bytes,
 * which is another implementation, accepts it, and is published unchanged. Text is published as a JSON string.
 */
public final class MessageBodyFuzz implements FuzzTarget {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final JsonFactory BYTEWISE = new JsonFactory();

    @Override
    public void run(FuzzInput input) throws IOException {
        String type = type(input);
        byte[] body = input.rest();
        String text = new String(body, StandardCharsets.UTF_8);
        Optional<MessageBody> parsed = parse(type, body);
        since(text);

        if (parsed.isPresent()) {
            assertThat(isJson(parsed.get().json().getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
        }
        // Other bytes at the start may be a byte order mark, which is skipped or rejected.
        boolean plain = body.length > 0 && body[0] >= 0;
        if (type.equals(JSON) && plain) {
            assertThat(parsed.isPresent()).isEqualTo(isUtf8(body) && isJson(body));
            parsed.ifPresent(message -> assertThat(message.json()).isEqualTo(text));
        }
        if (type.equals(TEXT) && plain) {
            assertThat(parsed.isPresent()).isEqualTo(isUtf8(body));
            if (parsed.isPresent() && !parsed.get().json().equals(text)) {
                assertThat(MAPPER.readTree(parsed.get().json()).path("message").textValue())
                        .isEqualTo(text);
                assertThat(isJson(body)).isFalse();
            }
        }
    }

    private static String type(FuzzInput input) {
        return switch (input.number(5)) {
            case 0, 1 -> JSON;
            case 2 -> TEXT;
            case 3 -> FORM;
            default -> input.line(StandardCharsets.ISO_8859_1);
        };
    }

    private static Optional<MessageBody> parse(String type, byte[] body) {
        try {
            return Optional.of(MessageBody.parse(Optional.of(type), body));
        } catch (RequestRejectedException rejected) {
            return Optional.empty();
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        return Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
    }

    /** Whether the bytes, given one by one, are exactly one value. */
    private static boolean isJson(byte[] text) throws IOException {
        // At the end of its input, it accepts a number that is incomplete.
        byte[] utf8 = Arrays.copyOf(text, text.length + 1);
        utf8[text.length] = ' ';
        try (JsonParser parser = BYTEWISE.createNonBlockingByteArrayParser()) {
            ByteArrayFeeder feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
            JsonToken before = null;
            int depth = 0;
            int values = 0;
            for (int i = 0; i <= utf8.length; i++) {
                if (i < utf8.length) {
                    feeder.feedInput(utf8, i, i + 1);
                } else {
                    feeder.endOfInput();
                }
                for (JsonToken token = parser.nextToken();
                        token != null && token != JsonToken.NOT_AVAILABLE;
                        token = parser.nextToken()) {
                    if (before == JsonToken.FIELD_NAME && token == JsonToken.END_OBJECT) {
                        // It accepts a member without a value.
                        return false;
                    }
                    before = token;
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    values += depth == 0 ? 1 : 0;
                }
            }
            return values == 1 && depth == 0;
        } catch (IOException invalid) {
            return false;
        }
    }

    private static ReplayFrom expected(String text, boolean isNumber) {
        if (text.equals("latest")) {
            return new ReplayFrom.LatestOfEachTopic();
        }
        return isNumber ? new ReplayFrom.Latest(new BigInteger(text).intValueExact()) : new ReplayFrom.After(text);
    }

    private static void since(String text) {
        boolean isNumber = isNumber(text);
        try {
            assertThat(SinceParameter.parse(text)).isEqualTo(expected(text, isNumber));
        } catch (ArithmeticException | InvalidFieldException outOfRange) {
            assertThat(isNumber).isTrue();
            BigInteger number = new BigInteger(text);
            assertThat(number.signum() > 0 && number.bitLength() < Integer.SIZE && number.intValue() <= 1_000)
                    .isFalse();
        }
    }

    private static boolean isNumber(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        return !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
