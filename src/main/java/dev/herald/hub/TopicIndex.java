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
 * Who of a lane asked for a topic. Finding costs a hash look-up a topic, a try of each distinct template that begins as the
 * topic does, however many subscribers share it, and then only those found. Belongs to the lane's thread.
 */
final class TopicIndex {
    /** Templates that begin alike are tried together: they may have so many steps, at most. */
    private static final int MAX_STEPS = 8 * MatchBudget.EXPENSIVE_STEPS;

    private final Map<Topic, Set<Subscriber>> exact = new HashMap<>();
    private final TemplateIndex<Set<Subscriber>> templates = new TemplateIndex<>();
    private final Set<Subscriber> any = new LinkedHashSet<>();

    /**
     * Takes the subscriber in, unless its templates would make each look-up too expensive for the others.
     *
     * @return false if it was not taken in: it must find its events itself
     */
    boolean add(Subscriber subscriber) {
        if (!affordable(subscriber.selectors)) {
            return false;
        }
        for (TopicSelector selector : subscriber.selectors) {
            if (selector instanceof Exact one) {
                exact.computeIfAbsent(one.topic(), t -> new LinkedHashSet<>()).add(subscriber);
            } else if (selector instanceof Template template) {
                templates.computeIfAbsent(template, LinkedHashSet::new).add(subscriber);
            } else {
                any.add(subscriber);
            }
        }
        return true;
    }

    /** Whether the templates that are not yet here are cheap, and so are all that would be tried for the same topics. */
    private boolean affordable(List<TopicSelector> selectors) {
        int more = 0;
        for (TopicSelector selector : selectors) {
            if (selector instanceof Template template && !templates.contains(template)) {
                more += template.steps();
                if (more > MatchBudget.EXPENSIVE_STEPS || templates.steps(template) + more > MAX_STEPS) {
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
                exact.computeIfPresent(one.topic(), (topic, who) -> without(subscriber, who));
            } else if (selector instanceof Template template) {
                templates.computeIfPresent(template, who -> without(subscriber, who));
            } else {
                any.remove(subscriber);
            }
        }
    }

    private static Set<Subscriber> without(Subscriber subscriber, Set<Subscriber> who) {
        who.remove(subscriber);
        return who.isEmpty() ? null : who;
    }

    /**
     * These selectors, as one who is here holds them already, if that is easily found: most who listen to one topic listen to
     * nothing else, and so hold it once.
     */
    List<TopicSelector> shared(List<TopicSelector> selectors) {
        if (selectors.size() == 1 && selectors.get(0) instanceof Exact one) {
            Iterator<Subscriber> others =
                    exact.getOrDefault(one.topic(), Set.of()).iterator();
            if (others.hasNext()) {
                List<TopicSelector> held = others.next().selectors;
                return held.size() == 1 ? held : selectors;
            }
        }
        return selectors;
    }

    /**
     * Calls {@code action} for each subscriber with a selector that matches; more than once where several do. Those who
     * asked for a topic by name, or for all, come first, and all of them. Templates are tried until the budget is exhausted.
     *
     * @return false if the budget was exhausted before all templates were tried
     */
    boolean match(Event event, MatchBudget budget, Consumer<Subscriber> action) {
        for (Topic topic : event.topics()) {
            exact.getOrDefault(topic, Set.of()).forEach(action);
        }
        any.forEach(action);
        return templates.size() == 0 || matchTemplates(event, budget, action);
    }

    private boolean matchTemplates(Event event, MatchBudget budget, Consumer<Subscriber> action) {
        for (Topic topic : event.topics()) {
            if (!templates.match(topic, budget, who -> who.forEach(action))) {
                return false;
            }
        }
        return true;
    }

    /** How many templates are kept. */
    int templates() {
        return templates.size();
    }
}
