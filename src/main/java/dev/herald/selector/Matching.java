package dev.herald.selector;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector.Template;

/**
 * Resumable match of a {@link TopicFilter} with the topics of one update, in steps of bounded cost. A step ends after
 * the template that exhausts its budget, so within about a millisecond. Not thread-safe, but may be handed from one
 * thread to another.
 */
public final class Matching {
    /** A complete matching that matches. Thread-safe, since nothing is left to advance. */
    static final Matching POSITIVE = new Matching(Set.of(), List.of(), true, false, List.of(), MatchMemo.NONE);

    /** Cost of a topic besides its templates: a hash lookup. */
    private static final int TOPIC_UNITS = 4;

    /** Cost of a cached result. */
    private static final int MEMO_UNITS = 32;

    private final Set<Topic> exact;
    private final List<Template> templates;
    private final boolean all;
    private final Iterator<Topic> topics;
    private final MatchMemo memo;
    private Topic topic;
    private UriText name;
    private int next;
    private boolean known;
    private boolean matches;

    /**
     * @param known whether the result is true whatever the topics
     * @param all whether all topics must match, else one is enough
     * @param memo cache of results
     */
    Matching(
            Set<Topic> exact,
            List<Template> templates,
            boolean known,
            boolean all,
            List<Topic> topics,
            MatchMemo memo) {
        this.exact = exact;
        this.templates = templates;
        this.known = known;
        this.matches = known;
        this.all = all;
        this.topics = topics.iterator();
        this.memo = memo;
    }

    /** Continues until the result is known or the budget is exhausted. Returns whether the result is known. */
    public boolean advance(MatchBudget budget) {
        while (!known && !budget.exhausted()) {
            if (name == null) {
                begin(budget);
            } else {
                matchNext(budget);
            }
        }
        return known;
    }

    private void begin(MatchBudget budget) {
        if (!topics.hasNext()) {
            end(all);
            return;
        }
        budget.spend(TOPIC_UNITS);
        topic = topics.next();
        if (exact.contains(topic)) {
            considered(true);
        } else if (templates.isEmpty()) {
            considered(false);
        } else {
            name = new UriText(topic.name());
            next = 0;
        }
    }

    private void matchNext(MatchBudget budget) {
        if (next == templates.size()) {
            considered(false);
        } else if (matches(templates.get(next++), budget)) {
            considered(true);
        }
    }

    private boolean matches(Template template, MatchBudget budget) {
        String topic = name.toString();
        Optional<Boolean> found = memo.find(template, topic);
        if (found.isPresent()) {
            budget.spend(MEMO_UNITS);
            return found.get();
        }
        boolean result = template.matches(name, budget);
        memo.put(template, topic, result);
        return result;
    }

    /** Records the result for one topic. */
    private void considered(boolean topicMatches) {
        name = null;
        if (topicMatches != all) {
            end(topicMatches);
        }
    }

    private void end(boolean result) {
        known = true;
        matches = result;
    }

    /** Completes the match and returns the result. The cost is unbounded: only for threads that may block. */
    public boolean complete() {
        advance(MatchBudget.unlimited());
        return matches();
    }

    /** Result, once it is known. */
    public boolean matches() {
        if (!known) {
            throw new IllegalStateException("The result is not known yet. Call advance() until it returns true.");
        }
        return matches;
    }

    /**
     * The first topic that does not match, once it is known that not all do. Empty if all match, or if one is enough.
     */
    public Optional<Topic> unmatched() {
        return all && known && !matches ? Optional.ofNullable(topic) : Optional.empty();
    }
}
