package dev.herald.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.vertx.uritemplate.Variables;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;
import dev.herald.selector.TopicSelector.Template;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topic selectors. The index of templates matches the same topics as each selector by itself. What a third-party
 * library expands a template to is matched.
 */
public final class TopicSelectorFuzz implements FuzzTarget {
    private static final List<String> NAMES = List.of("a", "b", "c", "x", "id");

    @Override
    public void run(FuzzInput input) {
        Optional<TopicSelector> selector = selector(input.line());
        String value = input.line();
        Optional<Topic> topic = topic(input.text());
        if (selector.isEmpty()) {
            return;
        }
        String text = selector.get().text();
        assertThat(selector.get().matches(new Topic(text))).isTrue();
        topic.ifPresent(other -> assertThat(filtered(selector.get(), other))
                .isEqualTo(selector.get().matches(other)));
        if (selector.get() instanceof Template template) {
            assertThat(template.steps()).isPositive().isLessThan(100 * text.length());
            topic.ifPresent(other -> assertThat(indexed(template, other)).isEqualTo(template.matches(other)));
            expansion(text, value).flatMap(TopicSelectorFuzz::topic).ifPresent(expanded -> assertThat(
                            template.matches(expanded))
                    .as(expanded.name())
                    .isTrue());
        }
    }

    private static Optional<TopicSelector> selector(String text) {
        try {
            return Optional.of(TopicSelector.parse(text));
        } catch (InvalidFieldException invalid) {
            return Optional.empty();
        }
    }

    private static Optional<Topic> topic(String text) {
        try {
            return Optional.of(new Topic(text));
        } catch (InvalidFieldException invalid) {
            return Optional.empty();
        }
    }

    private static boolean indexed(Template template, Topic topic) {
        TemplateIndex<Template> index = new TemplateIndex<>();
        index.computeIfAbsent(template, () -> template);
        List<Template> found = new ArrayList<>();
        index.match(topic, MatchBudget.unlimited(), found::add);
        return !found.isEmpty();
    }

    private static boolean filtered(TopicSelector selector, Topic topic) {
        Matching matching = new TopicFilter(List.of(selector)).matching(List.of(topic));
        // A budget of one unit interrupts it as often as possible.
        while (!matching.advance(new MatchBudget(1))) {
            // It continues with the next budget.
        }
        return matching.matches();
    }

    /** Expansion with one ASCII string for each variable; empty if the library does not accept the template. */
    private static Optional<String> expansion(String template, String value) {
        String ascii = value.replaceAll("[^ -~]", "");
        if (!template.matches("[!-~]*") || template.contains("%") || template.contains("'")) {
            // It escapes what is escaped already, and rejects other literals.
            return Optional.empty();
        }
        Variables variables = Variables.variables();
        NAMES.forEach(name -> variables.set(name, ascii));
        try {
            return Optional.of(io.vertx.uritemplate.UriTemplate.of(template).expandToString(variables));
        } catch (RuntimeException notAccepted) {
            return Optional.empty();
        }
    }
}
