package dev.herald.selector;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of PROTOCOL M2: the topics that a selector matches. */
class TopicSelectorTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "https://example.com/books/1", "{x}", "not {a template}", "*"})
    void m2TheStarMatchesEveryTopic(String topic) {
        assertThat(matches("*", topic)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a*",
                "https://example.com/hub?topic=faulty{iri",
                "https://example.com/{id}",
                "{?x,y*}",
                "käse {1}"
            })
    void m2EverySelectorMatchesTheIdenticalText(String text) {
        assertThat(matches(text, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a,A",
        "a,ab",
        "a*,ab",
        "**,a",
        "https://example.com/hub?topic=faulty{iri,https://example.com/hub?topic=faulty"
    })
    void m2TextThatIsNoTemplateMatchesNothingElse(String selector, String topic) {
        assertThat(TopicSelector.parse(selector)).isInstanceOf(TopicSelector.Exact.class);
        assertThat(matches(selector, topic)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/books/{id},https://example.com/books/1",
        "https://example.com/{a}/{b}.json,https://example.com/x/y.json",
        "https://example.com/{+rest},https://example.com/x/y?z=1",
        "https://example.com/books/{id},https://example.com/books/",
    })
    void m2ATemplateMatchesItsExpansions(String selector, String topic) {
        assertThat(TopicSelector.parse(selector)).isInstanceOf(TopicSelector.Template.class);
        assertThat(matches(selector, topic)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/books/{id},https://example.com/books/1/2",
        "https://example.com/books/{id},https://example.com/book/1",
        "https://example.com/{a}/{b}.json,https://example.com/x.json",
        "{x}ab,x%ab",
        "{x}ab,%ab",
    })
    void m2ATemplateMatchesNothingElse(String selector, String topic) {
        assertThat(matches(selector, topic)).isFalse();
    }

    @Test
    void selectorsAreEqualWhenTheirTextsAre() {
        List<String> texts = List.of("*", "a", "{a}", "{b}", "{a");

        for (String one : texts) {
            assertThat(TopicSelector.parse(one).text()).isEqualTo(one);
            for (String other : texts) {
                assertThat(TopicSelector.parse(one).equals(TopicSelector.parse(other)))
                        .isEqualTo(one.equals(other));
            }
        }
        assertThat(TopicSelector.parse("{a}")).hasSameHashCodeAs(TopicSelector.parse("{a}"));
    }

    @Test
    void rejectsTextThatIsNoValidTopic() {
        assertThatThrownBy(() -> TopicSelector.parse("{a}\n")).isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> TopicSelector.parse("{a}" + "x".repeat(4_094))).hasMessageContaining("4096 bytes");
    }

    @Test
    void m3FilterMatchesIfAnyOfItsSelectorsMatches() {
        TopicFilter filter = filter("a", "{x}/b", "/c{/d*}", "a");

        assertThat(filter.matches(topics("a"))).isTrue();
        assertThat(filter.matches(topics("no", "1/b"))).isTrue();
        assertThat(filter.matches(topics("/c/1/2/3"))).isTrue();
        assertThat(filter.matches(topics("{x}/b"))).isTrue();
        assertThat(filter.matches(topics("b", "1/c"))).isFalse();
        assertThat(filter("a", "*").matches(topics("b"))).isTrue();
        assertThat(filter().matches(topics("b"))).isFalse();
    }

    private static boolean matches(String selector, String topic) {
        return TopicSelector.parse(selector).matches(new Topic(topic));
    }

    private static TopicFilter filter(String... selectors) {
        return new TopicFilter(
                List.of(selectors).stream().map(TopicSelector::parse).toList());
    }

    private static List<Topic> topics(String... names) {
        return List.of(names).stream().map(Topic::new).toList();
    }
}
