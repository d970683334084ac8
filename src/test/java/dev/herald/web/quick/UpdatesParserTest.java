package dev.herald.web.quick;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.RequestRejectedException;
import dev.herald.limit.BodyMeter;
import dev.herald.memory.MemoryBudget;
import dev.herald.web.UpdateCollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of bodies that arrive in parts, and of the memory that they take. */
class UpdatesParserTest {
    private static final List<String> OBJECTS = List.of(
            "{\"topic\":\"žluťoučký\",\"data\":\"\\u017elu\\n🐎\"}",
            "{\"data\" : { \"a\":[1, -2.50e3, {\"ž\":\"\\\"}🐎\"}], \"b\":null } ,\"topics\":[\"a\",\"b\"],\"private\":true}",
            "{\"id\":\"i\",\"type\":\"t\",\"retry\":17,\"topic\":\"a\",\"data\":[[],{}]}");
    private static final List<Update> UPDATES = List.of(
            update(List.of("žluťoučký"), "žlu\n🐎", false),
            update(List.of("a", "b"), "{ \"a\":[1, -2.50e3, {\"ž\":\"\\\"}🐎\"}], \"b\":null }", true),
            new Update(
                    List.of(new Topic("a")),
                    "[[],{}]",
                    false,
                    Optional.of(new EventId("i")),
                    Optional.of(new EventType("t")),
                    OptionalLong.of(17)));

    private final MemoryBudget budget = new MemoryBudget(1 << 20);

    private static Update update(List<String> topics, String data, boolean isPrivate) {
        return new Update(
                topics.stream().map(Topic::new).toList(),
                data,
                isPrivate,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    private static byte[] body(UpdatesFormat format) {
        String text = format == UpdatesFormat.LINES
                ? String.join("\r\n", OBJECTS) + "\n"
                : "\r\n[" + String.join(" ,\n", OBJECTS) + "]\n";
        return ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
    }

    private UpdatesParser parser(UpdatesFormat format) {
        return new UpdatesParser(format, new UpdateCollector(topic -> {}, BodyMeter.FREE, budget, Optional.empty()));
    }

    private List<Update> parse(UpdatesFormat format, byte[]... parts) {
        try (UpdatesParser parser = parser(format)) {
            for (byte[] part : parts) {
                parser.feed(Buffer.buffer(part));
            }
            return parser.end().updates();
        }
    }

    @ParameterizedTest
    @EnumSource(UpdatesFormat.class)
    void bodyCutInTwoAtAnyByteIsParsedAsAWhole(UpdatesFormat format) {
        byte[] body = body(format);

        for (int cut = 0; cut <= body.length; cut++) {
            assertThat(parse(format, Arrays.copyOf(body, cut), Arrays.copyOfRange(body, cut, body.length)))
                    .as("cut at %d", cut)
                    .isEqualTo(UPDATES);
        }
        assertThat(budget.reserved()).isZero();
    }

    @ParameterizedTest
    @EnumSource(UpdatesFormat.class)
    void bodyThatArrivesByteByByteIsParsedAsAWhole(UpdatesFormat format) {
        byte[] body = body(format);
        byte[][] bytes = new byte[body.length][];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = new byte[] {body[i]};
        }

        assertThat(parse(format, bytes)).isEqualTo(UPDATES);
    }

    /** A body whose end is missing is rejected, or has only whole updates. */
    @ParameterizedTest
    @EnumSource(UpdatesFormat.class)
    void bodyWithoutItsEndYieldsNoPartOfAnUpdate(UpdatesFormat format) {
        byte[] body = body(format);
        List<Integer> accepted = new ArrayList<>();

        for (int end = 0; end < body.length; end++) {
            try {
                List<Update> updates = parse(format, Arrays.copyOf(body, end));
                assertThat(updates).as("end at %d", end).isEqualTo(UPDATES.subList(0, updates.size()));
                accepted.add(updates.size());
            } catch (RequestRejectedException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }

        assertThat(accepted).isSorted();
        assertThat(accepted).as("JSON is whole at the end only").containsAnyOf(format == UpdatesFormat.LINES ? 1 : 3);
        assertThat(budget.reserved()).isZero();
    }

    /** Overlong sequences and encoded surrogates are not UTF-8, though Jackson accepts them. */
    @Test
    void bytesThatAreNotUtf8AreRejectedWhereverTheyAreCut() {
        for (byte[] invalid : List.of(
                new byte[] {(byte) 0xC0, (byte) 0x80},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0x80})) {
            Buffer body = Buffer.buffer("{\"topic\":\"t\",\"data\":\"")
                    .appendBytes(invalid)
                    .appendString("\"}");
            for (int cut = 0; cut <= body.length(); cut++) {
                byte[] first = body.getBytes(0, cut);
                byte[] second = body.getBytes(cut, body.length());
                assertThatThrownBy(() -> parse(UpdatesFormat.JSON, first, second))
                        .isInstanceOf(RequestRejectedException.class)
                        .hasMessageContaining("UTF-8");
            }
        }
    }

    @Test
    void secondByteOrderMarkIsRejectedWhereverItIsCut() {
        byte[] body = ("\uFEFF\uFEFF" + OBJECTS.get(0)).getBytes(StandardCharsets.UTF_8);

        for (int cut = 0; cut <= body.length; cut++) {
            byte[] begin = Arrays.copyOf(body, cut);
            byte[] rest = Arrays.copyOfRange(body, cut, body.length);
            assertThatThrownBy(() -> parse(UpdatesFormat.JSON, begin, rest))
                    .as("cut at %d", cut)
                    .isInstanceOf(RequestRejectedException.class)
                    .hasMessageContaining("second byte order mark");
        }
    }

    @Test
    void memoryFollowsTheUpdatesAndIsReleasedAtTheEnd() {
        UpdatesParser parser = parser(UpdatesFormat.LINES);
        byte[] line = "{\"topic\":\"t\",\"data\":\"x\"}\n".getBytes(StandardCharsets.UTF_8);
        long one = update(List.of("t"), "x", false).heapBytes();

        for (int i = 1; i <= 100; i++) {
            parser.feed(Buffer.buffer(line));

            assertThat(budget.reserved()).isBetween(i * one, i * one + 1_000);
        }
        parser.close();

        assertThat(budget.reserved()).isZero();
    }

    /** The updates of others take the budget, so that it is not the only reservation. */
    @Test
    void bodyBeyondTheBudgetIsRejected() {
        budget.reserve(1);
        String line = "{\"topic\":\"t\",\"data\":\"" + "x".repeat(1_000) + "\"}\n";
        byte[] many = String.join("", Collections.nCopies(1_000, line)).getBytes(StandardCharsets.UTF_8);
        byte[] oneLong = ("{\"topic\":\"t\",\"data\":{\"a\":\"" + "x".repeat(200_000)).getBytes(StandardCharsets.UTF_8);

        for (byte[] body : List.of(many, oneLong)) {
            UpdatesParser parser = parser(UpdatesFormat.LINES);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < body.length; i += 8_192) {
                            parser.feed(Buffer.buffer(Arrays.copyOfRange(body, i, Math.min(body.length, i + 8_192))));
                        }
                    })
                    .hasMessageContaining("too little memory");
            assertThat(budget.reserved()).isLessThanOrEqualTo(budget.limit());
            parser.close();
            assertThat(budget.reserved()).isEqualTo(1);
        }
    }
}
