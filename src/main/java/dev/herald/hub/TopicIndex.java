package dev.herald.hub;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TemplateIndex;
import dev.herald.selector.TopicSelector;
import dev.herald.selector.TopicSelector.Exact;
import dev.herald.selector.TopicSelector.Template;

/**
 * Index of a lane's subscribers by topic selector. A lookup costs a hash lookup a topic, and a match for each distinct
 * template with the topic's prefix, however many subscribers share it. Then it costs O(1) a match. Belongs to the
 * lane's thread.
 */
final class TopicIndex {
    /** Maximum steps of the templates that share a prefix, since they are matched together. */
    private static final int MAX_STEPS = 8 * MatchBudget.EXPENSIVE_STEPS;

    private final Map<Topic, Set<Subscriber>> exact = new HashMap<>();
    private final TemplateIndex<Set<Subscriber>> templates = new TemplateIndex<>();
    private final Set<Subscriber> wildcards = new LinkedHashSet<>();

    /**
     * Adds the subscriber, unless its templates would make each lookup too expensive.
     *
     * @return false if it was not added: it must pull its events
     */
    boolean add(Subscriber subscriber) {
        if (!isCheap(subscriber.selectors)) {
            return false;
        }
        for (TopicSelector selector : subscriber.selectors) {
            if (selector instanceof Exact one) {
                exact.computeIfAbsent(one.topic(), t -> new LinkedHashSet<>()).add(subscriber);
            } else if (selector instanceof Template template) {
                templates.computeIfAbsent(template, LinkedHashSet::new).add(subscriber);
            } else {
                wildcards.add(subscriber);
            }
        }
        return true;
    }

    /** Whether the new templates are cheap, also together with those that share their prefixes. */
    private boolean isCheap(List<TopicSelector> selectors) {
        int addedSteps = 0;
        for (TopicSelector selector : selectors) {
            if (selector instanceof Template template && !templates.contains(template)) {
                addedSteps += template.steps();
                if (addedSteps > MatchBudget.EXPENSIVE_STEPS || templates.steps(template) + addedSteps > MAX_STEPS) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Costs O(own selectors). */
    void remove(Subscriber subscriber) {
        for (TopicSelector selector : subscriber.selectors) {
            if (selector instanceof Exact one) {
                exact.computeIfPresent(one.topic(), (topic, subscribers) -> without(subscriber, subscribers));
            } else if (selector instanceof Template template) {
                templates.computeIfPresent(template, subscribers -> without(subscriber, subscribers));
            } else {
                wildcards.remove(subscriber);
            }
        }
    }

    private static Set<Subscriber> without(Subscriber subscriber, Set<Subscriber> subscribers) {
        subscribers.remove(subscriber);
        return subscribers.isEmpty() ? null : subscribers;
    }

    /**
     * An equal list of an indexed subscriber if one is easily found, else the given list. Most subscribers have one
     * exact topic, so all of them share one list.
     */
    List<TopicSelector> shared(List<TopicSelector> selectors) {
        if (selectors.size() == 1 && selectors.get(0) instanceof Exact one) {
            Iterator<Subscriber> others =
                    exact.getOrDefault(one.topic(), Set.of()).iterator();
            if (others.hasNext()) {
                List<TopicSelector> existing = others.next().selectors;
                return existing.size() == 1 ? existing : selectors;
            }
        }
        return selectors;
    }

    /**
     * Calls {@code action} for each subscriber with a matching selector; more than once where several match. Exact
     * topics and wildcards come first and always complete. Templates are matched until the budget is exhausted.
     *
     * @return false if the budget was exhausted before all templates were matched
     */
    boolean match(Event event, MatchBudget budget, Consumer<Subscriber> action) {
        for (Topic topic : event.topics()) {
            exact.getOrDefault(topic, Set.of()).forEach(action);
        }
        wildcards.forEach(action);
        return templates.size() == 0 || matchTemplates(event, budget, action);
    }

    private boolean matchTemplates(Event event, MatchBudget budget, Consumer<Subscriber> action) {
        for (Topic topic : event.topics()) {
            if (!templates.match(topic, budget, subscribers -> subscribers.forEach(action))) {
                return false;
            }
        }
        return true;
    }

    /** Number of distinct topics that are selected exactly. */
    int topics() {
        return exact.size();
    }

    /** Number of subscribers of all topics. */
    int wildcards() {
        return wildcards.size();
    }

    /** Number of distinct templates. */
    int templates() {
        return templates.size();
    }
}
