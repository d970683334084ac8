package dev.herald.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.selector.TopicSelector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests of PROTOCOL E3 and M12: an id, type or topic cannot inject a field into a stream or look like another one.
 * Control characters, bidirectional controls and invisible format characters are rejected. Joiners, visible format
 * characters and the tags of a complete flag are accepted, since scripts and emoji need them. A publisher's id has no
 * outer white space of any kind.
 */
class SingleLineTest {

    static Stream<Function<String, Object>> types() {
        return Stream.of(Topic::new, EventId::new, EventType::new, TopicSelector::parse);
    }

    @ParameterizedTest
    @MethodSource("types")
    void e3RejectsControlCharactersAndInvisibleFormatCharacters(Function<String, Object> type) {
        int[] refused = Stream.of(
                        IntStream.rangeClosed(0, 0x1F).toArray(),
                        IntStream.rangeClosed(0x7F, 0x9F).toArray(),
                        // Bidirectional controls.
                        new int[] {0x61C, 0x200E, 0x200F},
                        IntStream.rangeClosed(0x202A, 0x202E).toArray(),
                        IntStream.rangeClosed(0x2066, 0x2069).toArray(),
                        // Invisible and useless in a name; tags outside of a flag.
                        new int[] {
                            0xAD, 0x200B, 0x2060, 0x2061, 0x2064, 0x206A, 0xFEFF, 0xFFF9, 0xE0001, 0xE0041, 0xE007F
                        })
                .flatMapToInt(IntStream::of)
                .toArray();

        for (int character : refused) {
            String text = "a" + Character.toString(character) + "b";
            assertThatThrownBy(() -> type.apply(text))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessageContaining(String.format("U+%04X", character));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void m12AcceptsCharactersOfScriptsAndEmoji(Function<String, Object> type) {
        for (String text : List.of(
                "می\u200Cخواهم", // Persian, with ZWNJ
                "क्\u200Dष", // Hindi, with ZWJ
                "ශ්\u200Dරී",
                "ᠠᠭᠤᠯ\u180Eᠠ",
                "\u0600\u06DD",
                "👩\u200D🚀",
                "👨\u200D👩\u200D👧\u200D👦",
                "🏳️\u200D🌈",
                "🏴\u200D☠️",
                "🏴",
                "🏴🏴",
                "👍🏽",
                "1️⃣",
                "\u200D",
                flag("gbeng") + flag("gbsct") + "x" + flag("usca"),
                "a\u2028b\u2029c\u00A0d\u3000e")) {
            assertThat(type.apply(text)).isNotNull();
        }
    }

    /** The flag of a region: a black flag, tags, and the last tag. */
    private static String flag(String region) {
        StringBuilder flag = new StringBuilder("🏴");
        region.chars().forEach(letter -> flag.appendCodePoint(0xE0000 + letter));
        return flag.appendCodePoint(0xE007F).toString();
    }

    @ParameterizedTest
    @MethodSource("types")
    void m12RejectsTagsThatAreNotAFlag(Function<String, Object> type) {
        String flag = flag("gbeng");
        String withoutEnd = flag.substring(0, flag.length() - 2);

        for (String text : List.of(
                withoutEnd,
                withoutEnd + "a",
                withoutEnd + flag,
                flag + flag.substring(flag.length() - 2),
                flag("") + "a",
                "🏴a" + flag.substring(2),
                flag.substring(2),
                "👍" + flag.substring(2),
                "🏴" + "\u200D" + flag.substring(2))) {
            assertThatThrownBy(() -> type.apply(text)).isInstanceOf(InvalidFieldException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\u00A0", "\u1680", "\u2000", "\u2007", "\u200A", "\u202F", "\u205F", "\u3000"})
    void m12PublishersIdWithOuterWhiteSpaceIsRejected(String space) {
        for (String text : List.of(space, space + "a", "a" + space, " a" + space, "earliest" + space)) {
            EventId id = new EventId(text);
            assertThatThrownBy(() -> update(id)).hasMessageContaining("'id' has white space");
        }
        assertThat(update(new EventId("a" + space + "b")).id()).isPresent();
    }

    private static Update update(EventId id) {
        return new Update(List.of(new Topic("t")), "", false, Optional.of(id), Optional.empty(), OptionalLong.empty());
    }

    @ParameterizedTest
    @MethodSource("types")
    void rejectsEmptyTextAndLoneSurrogates(Function<String, Object> type) {
        assertThatThrownBy(() -> type.apply("")).isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> type.apply("a\ud83d")).isInstanceOf(InvalidFieldException.class);
    }

    @Test
    void boundsAreBytesOfUtf8Inclusive() {
        assertThat(new Topic("ä".repeat(2_048)).name()).hasSize(2_048);
        assertThatThrownBy(() -> new Topic("ä".repeat(2_048) + "a")).hasMessageContaining("4096 bytes");
        assertThat(new EventId("a".repeat(1_024)).value()).hasSize(1_024);
        assertThatThrownBy(() -> new EventId("a".repeat(1_025))).hasMessageContaining("1024 bytes");
        assertThat(new EventType("a".repeat(255)).name()).hasSize(255);
        assertThatThrownBy(() -> new EventType("a".repeat(256))).hasMessageContaining("255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "#", "#abc"})
    void reservedIdsAreRejected(String id) {
        assertThatThrownBy(() -> new EventId(id)).isInstanceOf(InvalidFieldException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a/b:c\"]", "Earliest", "a#", "käse 🧀", "urn:uuid:0"})
    void otherIdsAreKeptUnchanged(String id) {
        assertThat(new EventId(id).value()).isEqualTo(id);
    }

    @Test
    void starSelectsEveryTopicAndANameSelectsItself() {
        Topic topic = new Topic("a");

        assertThat(TopicSelector.parse("*").matches(topic)).isTrue();
        assertThat(TopicSelector.parse("a").matches(topic)).isTrue();
        assertThat(TopicSelector.parse("A").matches(topic)).isFalse();
        assertThat(TopicSelector.parse("a*").matches(topic)).isFalse();
    }
}
