package dev.herald.event;

import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** E3: no id, type or topic can smuggle a second field into a stream. */
class SingleLineTest {

    static Stream<Function<String, Object>> types() {
        return Stream.of(Topic::new, EventId::new, EventType::new, TopicSelector::parse);
    }

    @ParameterizedTest
    @MethodSource("types")
    void e3RefusesEveryControlAndFormatCharacter(Function<String, Object> type) {
        int[] refused = Stream.of("\n", "\r", "\0", "\t", "\u001f", "\u007f", "\u0085", "\u009f", "\u200b", "\ufeff")
                .mapToInt(text -> text.codePointAt(0))
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
    void refusesEmptyTextAndHalfCharacters(Function<String, Object> type) {
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
    void idsOfTheHubsOwnMakingAreRefused(String id) {
        assertThatThrownBy(() -> new EventId(id)).isInstanceOf(InvalidFieldException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a/b:c\"]", "Earliest", "a#", "käse 🧀", "urn:uuid:0"})
    void otherIdsAreKeptToTheLetter(String id) {
        assertThat(new EventId(id).value()).isEqualTo(id);
    }

    @Test
    void theStarSelectsEveryTopicAndANameSelectsItself() {
        Topic topic = new Topic("a");

        assertThat(TopicSelector.parse("*").matches(topic)).isTrue();
        assertThat(TopicSelector.parse("a").matches(topic)).isTrue();
        assertThat(TopicSelector.parse("A").matches(topic)).isFalse();
        assertThat(TopicSelector.parse("a*").matches(topic)).isFalse();
    }
}
