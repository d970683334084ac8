package dev.herald.selector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector.Template;

/**
 * Index of values by template, searched by topic. A search matches only the templates whose prefix the topic has, each
 * once. The prefix ends at the first brace, or at {@value #MAX_START} characters. A search costs a hash lookup for each
 * distinct prefix length. Not thread-safe; must not change during a match.
 *
 * @param <V> value of a template
 */
public final class TemplateIndex<V> {
    /** Maximum indexed prefix length, in characters. */
    static final int MAX_START = 128;

    private final Map<String, Group<V>> byStart = new HashMap<>();

    /** Number of distinct prefixes by length. */
    private final NavigableMap<Integer, Integer> lengths = new TreeMap<>();

    private int size;

    /** Value of the template, created if absent. */
    public V computeIfAbsent(Template template, Supplier<V> value) {
        Group<V> group = byStart.computeIfAbsent(start(template), start -> {
            lengths.merge(start.length(), 1, Integer::sum);
            return new Group<>();
        });
        return group.values.computeIfAbsent(template, t -> {
            size++;
            group.steps += t.steps();
            return value.get();
        });
    }

    /** Replaces the template's value, if present; a null result removes it. */
    public void computeIfPresent(Template template, UnaryOperator<V> change) {
        byStart.computeIfPresent(start(template), (start, group) -> {
            int before = group.values.size();
            group.values.computeIfPresent(template, (t, value) -> change.apply(value));
            if (group.values.size() < before) {
                size--;
                group.steps -= template.steps();
            }
            if (!group.values.isEmpty()) {
                return group;
            }
            lengths.merge(start.length(), -1, (count, less) -> count + less == 0 ? null : count + less);
            return null;
        });
    }

    /**
     * Calls {@code action} with the value of each template that matches, until the budget is exhausted.
     *
     * @return false if the budget was exhausted before all templates were matched
     */
    public boolean match(Topic topic, MatchBudget budget, Consumer<? super V> action) {
        UriText name = new UriText(topic.name());
        for (Map<Template, V> group : candidates(topic, budget)) {
            for (Map.Entry<Template, V> entry : group.entrySet()) {
                if (budget.exhausted()) {
                    return false;
                }
                if (entry.getKey().matches(name, budget)) {
                    action.accept(entry.getValue());
                }
            }
        }
        return true;
    }

    /** Candidate templates of a topic, grouped by prefix. */
    List<Map<Template, V>> candidates(Topic topic, MatchBudget budget) {
        String name = topic.name();
        List<Map<Template, V>> found = new ArrayList<>();
        for (int length : lengths.headMap(name.length(), true).keySet()) {
            budget.spend(1 + length / 4);
            Group<V> group = byStart.get(name.substring(0, length));
            if (group != null) {
                found.add(group.values);
            }
        }
        return found;
    }

    /** Whether the template has a value. */
    public boolean contains(Template template) {
        Group<V> group = byStart.get(start(template));
        return group != null && group.values.containsKey(template);
    }

    /** Maximum steps to match all templates with the prefix of this one. */
    public int steps(Template template) {
        Group<V> group = byStart.get(start(template));
        return group == null ? 0 : group.steps;
    }

    public int size() {
        return size;
    }

    private static String start(Template template) {
        String prefix = template.prefix();
        return prefix.substring(0, Math.min(prefix.length(), MAX_START));
    }

    /** Templates with one prefix. */
    private static final class Group<V> {
        final Map<Template, V> values = new LinkedHashMap<>();
        int steps;
    }
}
