package dev.herald.event;

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

import dev.herald.event.TopicSelector.Template;

/**
 * Values by template, to be found by topic. Only those templates are tried that begin as the topic does, up to the first
 * brace and within {@value #MAX_START} characters: each of them once. To find them costs a hash look-up for each length of
 * such beginnings. Not thread-safe; no change may be made while it is matched.
 *
 * @param <V> what belongs to a template
 */
public final class TemplateMap<V> {
    /** So many characters of what templates begin with count, at most. */
    static final int MAX_START = 128;

    private final Map<String, Map<Template, V>> byStart = new HashMap<>();

    /** How many different beginnings have a length. */
    private final NavigableMap<Integer, Integer> lengths = new TreeMap<>();

    private int size;

    /** The template's value, after giving it one if it has none. */
    public V computeIfAbsent(Template template, Supplier<V> value) {
        Map<Template, V> group = byStart.computeIfAbsent(start(template), start -> {
            lengths.merge(start.length(), 1, Integer::sum);
            return new LinkedHashMap<>();
        });
        return group.computeIfAbsent(template, t -> {
            size++;
            return value.get();
        });
    }

    /** Replaces the template's value if it has one; by nothing if the result is null. */
    public void computeIfPresent(Template template, UnaryOperator<V> change) {
        byStart.computeIfPresent(start(template), (start, group) -> {
            int before = group.size();
            group.computeIfPresent(template, (t, value) -> change.apply(value));
            size -= before - group.size();
            if (!group.isEmpty()) {
                return group;
            }
            lengths.merge(start.length(), -1, (count, less) -> count + less == 0 ? null : count + less);
            return null;
        });
    }

    /** Calls {@code action} with the value of each template that matches. */
    public void match(Topic topic, Consumer<? super V> action) {
        UriText name = new UriText(topic.name());
        for (Map<Template, V> group : candidates(topic)) {
            group.forEach((template, value) -> {
                if (template.matches(name)) {
                    action.accept(value);
                }
            });
        }
    }

    /** Those to be tried, by what they begin with. */
    List<Map<Template, V>> candidates(Topic topic) {
        String name = topic.name();
        List<Map<Template, V>> found = new ArrayList<>();
        for (int length : lengths.headMap(name.length(), true).keySet()) {
            Map<Template, V> group = byStart.get(name.substring(0, length));
            if (group != null) {
                found.add(group);
            }
        }
        return found;
    }

    /** How many templates have a value. */
    public int size() {
        return size;
    }

    private static String start(Template template) {
        String prefix = template.prefix();
        return prefix.substring(0, Math.min(prefix.length(), MAX_START));
    }
}
