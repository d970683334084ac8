package dev.herald.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector.Template;

import static org.assertj.core.api.Assertions.assertThat;

class TemplateIndexTest {
    private final TemplateIndex<String> map = new TemplateIndex<>();

    @Test
    void findsTheValuesOfAllMatchingTemplates() {
        put("{x}", "a/{x}", "a/{+x}", "a/b{x}", "a/b/{x}", "b/{x}", "ä/{x}", "%C3%A4/{x}");

        assertThat(found("a")).containsExactly("{x}");
        assertThat(found("a/b")).containsExactly("a/{x}", "a/{+x}", "a/b{x}");
        assertThat(found("a/b/c")).containsExactly("a/{+x}", "a/b/{x}");
        assertThat(found("a/b/{x}")).containsExactly("a/b/{x}");
        assertThat(found("ä/1")).containsExactly("ä/{x}", "%C3%A4/{x}");
        assertThat(found("c/1")).isEmpty();
    }

    @Test
    void triesOnlyTemplatesWithAPrefixOfTheTopic() {
        for (int i = 0; i < 10_000; i++) {
            put("users/" + i + "/{x}");
        }
        put("users/{x}/1");

        assertThat(candidates("users/4711/1")).isEqualTo(2);
        assertThat(candidates("users/1/1")).isEqualTo(2);
        assertThat(candidates("books/1")).isZero();
        assertThat(found("users/4711/1")).containsExactly("users/{x}/1", "users/4711/{x}");
    }

    @Test
    void comparesABoundedPrefix() {
        String start = "x".repeat(TemplateIndex.MAX_START);
        put(start + "{x}", start + "y{x}", start + "z{x}", "x{x}");

        assertThat(found(start + "y1")).containsExactly("x{x}", start + "{x}", start + "y{x}");
        assertThat(candidates(start + "y1")).isEqualTo(4);
        assertThat(found(start)).containsExactly("x{x}", start + "{x}");
    }

    @Test
    void keepsTheFirstValueOfATemplate() {
        map.computeIfAbsent(template("{x}"), () -> "first");

        assertThat(map.computeIfAbsent(template("{x}"), () -> "second")).isEqualTo("first");
        assertThat(map.size()).isEqualTo(1);
    }

    @Test
    void computeIfPresentReplacesAndRemovesValues() {
        put("a/{x}", "a/{y}", "b/{x}");

        map.computeIfPresent(template("a/{x}"), value -> "changed");
        map.computeIfPresent(template("a/{y}"), value -> null);
        map.computeIfPresent(template("b/{x}"), value -> null);
        map.computeIfPresent(template("b/{x}"), value -> "not there");
        map.computeIfPresent(template("c/{x}"), value -> "not there");

        assertThat(found("a/1")).containsExactly("changed");
        assertThat(found("b/1")).isEmpty();
        assertThat(map.size()).isEqualTo(1);

        put("b/{x}");

        assertThat(found("b/1")).containsExactly("b/{x}");
    }

    private void put(String... templates) {
        for (String text : templates) {
            map.computeIfAbsent(template(text), () -> text);
        }
    }

    private List<String> found(String topic) {
        List<String> found = new ArrayList<>();
        map.match(new Topic(topic), MatchBudget.unlimited(), found::add);
        return found;
    }

    private int candidates(String topic) {
        return map.candidates(new Topic(topic), MatchBudget.unlimited()).stream()
                .mapToInt(Map::size)
                .sum();
    }

    private static Template template(String text) {
        return (Template) TopicSelector.parse(text);
    }
}
