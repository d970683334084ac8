package dev.herald.hub;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.TopicSelector;

/**
 * Who of a lane asked for a topic. Finding costs a hash look-up a topic, a try of each distinct template, however many
 * subscribers share it, and then only those found. Belongs to the lane's thread.
 */
final class TopicIndex {
    private final Map<Topic, Set<Subscriber>> exact = new HashMap<>();
    private final Map<TopicSelector.Template, Set<Subscriber>> templates = new LinkedHashMap<>();
    private final Set<Subscriber> any = new LinkedHashSet<>();

    void add(Subscriber subscriber) {
        for (TopicSelector selector : subscriber.selectors) {
            if (selector instanceof TopicSelector.Exact one) {
                add(exact, one.topic(), subscriber);
            } else if (selector instanceof TopicSelector.Template template) {
                add(templates, template, subscriber);
            } else {
                any.add(subscriber);
            }
        }
    }

    /** Costs O(own selectors). */
    void remove(Subscriber subscriber) {
        for (TopicSelector selector : subscriber.selectors) {
            if (selector instanceof TopicSelector.Exact one) {
                remove(exact, one.topic(), subscriber);
            } else if (selector instanceof TopicSelector.Template template) {
                remove(templates, template, subscriber);
            } else {
                any.remove(subscriber);
            }
        }
    }

    /** Calls {@code action} for each subscriber with a selector that matches; more than once where several do. */
    void match(Event event, Consumer<Subscriber> action) {
        for (Topic topic : event.topics()) {
            exact.getOrDefault(topic, Set.of()).forEach(action);
            templates.forEach((template, who) -> {
                if (template.matches(topic)) {
                    who.forEach(action);
                }
            });
        }
        any.forEach(action);
    }

    /** How many templates are tried for a topic. */
    int templates() {
        return templates.size();
    }

    private static <K> void add(Map<K, Set<Subscriber>> index, K key, Subscriber subscriber) {
        index.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(subscriber);
    }

    private static <K> void remove(Map<K, Set<Subscriber>> index, K key, Subscriber subscriber) {
        index.computeIfPresent(key, (k, who) -> who.remove(subscriber) && who.isEmpty() ? null : who);
    }
}
