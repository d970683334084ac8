package dev.herald.selector;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.herald.event.Event;
import dev.herald.event.Topic;

/**
 * Union of several selectors (PROTOCOL M3). A match costs one hash lookup a topic, however many exact topics there are,
 * and one match for each distinct template. Immutable.
 */
public final class TopicFilter {
    private final Set<Topic> exact = new HashSet<>();
    private final List<TopicSelector.Template> templates;
    private final boolean any;

    public TopicFilter(Collection<TopicSelector> selectors) {
        Set<TopicSelector.Template> distinct = new LinkedHashSet<>();
        boolean everything = false;
        for (TopicSelector selector : selectors) {
            if (selector instanceof TopicSelector.Exact one) {
                exact.add(one.topic());
            } else if (selector instanceof TopicSelector.Template template) {
                distinct.add(template);
            } else {
                everything = true;
            }
        }
        this.any = everything;
        this.templates = List.copyOf(distinct);
    }

    /** Whether any selector matches any of the topics. The cost is unbounded: only for threads that may block. */
    public boolean matches(List<Topic> topics) {
        return matches(topics, MatchBudget.unlimited());
    }

    /** As {@link #matches(List)}, charged to a budget. The result is correct even if that becomes exhausted. */
    public boolean matches(List<Topic> topics, MatchBudget budget) {
        if (simple(topics)) {
            return true;
        }
        if (templates.isEmpty()) {
            return false;
        }
        MatchBudget all = MatchBudget.unlimited();
        Matching matching = matching(topics);
        matching.advance(all);
        budget.spend(Long.MAX_VALUE - all.left());
        return matching.matches();
    }

    /** Resumable match of any selector with any of the topics. */
    public Matching matching(List<Topic> topics) {
        return matching(topics, MatchMemo.NONE);
    }

    /** As {@link #matching(List)}, with a cache that it reads and extends. */
    public Matching matching(List<Topic> topics, MatchMemo memo) {
        return new Matching(exact, templates, simple(topics), false, topics, memo);
    }

    /** Resumable match of each topic with any selector. */
    public Matching matchingEach(List<Topic> topics) {
        return new Matching(exact, templates, any, true, topics, MatchMemo.NONE);
    }

    /**
     * Whether a subscriber with these selectors as grants may read an event of these topics (PROTOCOL M4). It may read
     * any public one, and a private one if a selector matches. Cost and result as of
     * {@link #matches(List, MatchBudget)}.
     */
    public boolean permits(boolean isPrivate, List<Topic> topics, MatchBudget budget) {
        return !isPrivate || matches(topics, budget);
    }

    /** As {@link #permits}, but resumable. The matching of a public event is complete. */
    public Matching permission(Event event, MatchMemo memo) {
        return event.isPrivate() ? matching(event.topics(), memo) : Matching.POSITIVE;
    }

    /** Whether the topics match by {@code *} or an exact topic. */
    private boolean simple(List<Topic> topics) {
        if (any) {
            return true;
        }
        for (Topic topic : topics) {
            if (exact.contains(topic)) {
                return true;
            }
        }
        return false;
    }

    /** Whether matching is too expensive for an event loop. */
    public boolean expensive() {
        return TopicSelector.expensive(templates);
    }
}
