package dev.herald.hub;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.TopicSelector;

/**
 * Who of a lane asked for a topic. Finding costs a hash look-up a topic, and then only those found. Belongs to the
 * lane's thread.
 */
final class TopicIndex {
    private final Map<Topic, Set<Subscriber>> exact = new HashMap<>();
    private final Set<Subscriber> any = new LinkedHashSet<>();

    void add(Subscriber subscriber) {
        each(
                subscriber,
                (topic, who) ->
                        exact.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(who),
                any::add);
    }

    void remove(Subscriber subscriber) {
        each(subscriber, this::removeExact, any::remove);
    }

    /** Calls {@code action} for each subscriber with a selector that matches; more than once where several do. */
    void match(Event event, Consumer<Subscriber> action) {
        for (Topic topic : event.topics()) {
            exact.getOrDefault(topic, Set.of()).forEach(action);
        }
        any.forEach(action);
    }

    private static void each(Subscriber subscriber, BiConsumer<Topic, Subscriber> onExact, Consumer<Subscriber> onAny) {
        for (TopicSelector selector : subscriber.selectors) {
            if (selector instanceof TopicSelector.Exact one) {
                onExact.accept(one.topic(), subscriber);
            } else {
                onAny.accept(subscriber);
            }
        }
    }

    private void removeExact(Topic topic, Subscriber subscriber) {
        exact.computeIfPresent(topic, (t, who) -> who.remove(subscriber) && who.isEmpty() ? null : who);
    }
}
