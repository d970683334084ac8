package dev.herald.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.selector.TopicSelector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the hub never underestimates memory, since bounds use these sizes. A frame's size is exact; heap sizes of
 * events, updates and selectors are at least the collector's measurement. The shapes turn a short text into many
 * objects, or a few bytes into many.
 */
class HeapBytesTest {
    private static final Topic TOPIC = new Topic("t");

    private static final long ESTIMATED_BYTES = 16 << 20;

    /** Bytes that the rest of the process may allocate meanwhile. */
    private static final long OTHERS_BYTES = ESTIMATED_BYTES / 8;

    @Property
    void frameSizeIsExactBeforeEncoding(
            @ForAll @CharRange(from = 'a', to = 'd') @CharRange(from = '\n', to = '\r') @CharRange(from = 'é', to = '€')
                    String data,
            @ForAll @StringLength(min = 1, max = 20) @CharRange(from = 'a', to = 'ÿ') String name) {
        String sound = name.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0xad) ? "name" : name;
        for (Optional<EventId> id : List.of(Optional.<EventId>empty(), Optional.of(new EventId("n" + sound + "😀")))) {
            Update update = new Update(
                    List.of(TOPIC),
                    data + "😀",
                    false,
                    id,
                    Optional.of(new EventType("n" + sound)),
                    OptionalLong.of(17));
            EventId given = id.orElse(new EventId("urn:uuid:0191d0a2-0000-7000-8000-000000000000"));

            Event event = Event.of(1, given, Instant.EPOCH, false, update);

            assertThat(update.frameBytes()).isEqualTo(event.frame().size());
        }
    }

    @Property
    void utf8LengthIsExact(@ForAll String text) {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(Utf8.length(wellFormed)).isEqualTo(wellFormed.getBytes(StandardCharsets.UTF_8).length);
    }

    static Stream<Named<IntFunction<?>>> shapes() {
        return Stream.of(
                Named.of("templates of one-letter variables", number -> selector(number, "{a}")),
                Named.of("templates of lists", number -> selector(number, "{a,b,c,d,e}")),
                Named.of("templates of exploded queries", number -> selector(number, "{?a*,b*}")),
                Named.of("templates of queries with names", number -> selector(number, "{?a,bc,def,%41}")),
                Named.of("templates of distinct prefixes", number -> TopicSelector.parse(distinctPrefixes(number))),
                Named.of("templates of prefixes", number -> selector(number, "{a:1}")),
                Named.of("templates of literals", number -> selector(number, "{a}literal%20text")),
                Named.of("templates of wide literals", number -> selector(number, "{a}名前")),
                Named.of("short templates", number -> TopicSelector.parse("/books/{id}/" + number)),
                Named.of("names", number -> TopicSelector.parse("/books/" + number)),
                Named.of("long names", number -> TopicSelector.parse("t".repeat(4_000) + number)),
                Named.of("events of many topics", number -> event(100, "topic" + number, "x")),
                Named.of("events of long topics", number -> event(3, "t".repeat(4_000) + number, "x")),
                Named.of("events of line breaks", number -> event(1, "t" + number, "\n".repeat(3_000))),
                Named.of("events of two lines", number -> event(1, "t" + number, "x".repeat(3_000) + "\n")),
                Named.of("small events", number -> event(1, "t" + number, "")),
                Named.of("small events of a type", number -> typed(number, "x\ny")));
    }

    private static String distinctPrefixes(int number) {
        return IntStream.range(1, 200).mapToObj(i -> "{a:" + i + "}").collect(Collectors.joining("", number + "/", ""));
    }

    private static TopicSelector selector(int number, String part) {
        String start = number + "/";
        return TopicSelector.parse(
                start + part.repeat((1_300 - start.length()) / part.getBytes(StandardCharsets.UTF_8).length));
    }

    private static Event typed(int number, String data) {
        Update update = new Update(
                List.of(TOPIC),
                data,
                false,
                Optional.empty(),
                Optional.of(new EventType("type" + number)),
                OptionalLong.of(1_000L + number));
        return Event.of(1, new EventId("e" + number), Instant.now(), false, update);
    }

    private static Event event(int topics, String topic, String data) {
        Update update = new Update(
                IntStream.range(0, topics).mapToObj(i -> new Topic(topic + i)).toList(),
                data,
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
        return Event.of(1, new EventId("e" + topic.length()), Instant.now(), false, update);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void estimateIsNotBelowTheCollectorsMeasurement(IntFunction<?> shape) {
        List<Object> kept = new ArrayList<>();
        // Loads the classes.
        heapBytes(shape.apply(0));
        long before = used();
        long estimated = 0;
        for (int number = 0; estimated < ESTIMATED_BYTES; number++) {
            Object one = shape.apply(number);
            kept.add(one);
            estimated += heapBytes(one);
        }

        long found = used() - before;

        assertThat(found).as("%d objects", kept.size()).isLessThan(estimated + OTHERS_BYTES);
    }

    private static long heapBytes(Object one) {
        return one instanceof Event event ? event.heapBytes() : ((TopicSelector) one).heapBytes();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
