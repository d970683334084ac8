package dev.herald.selector;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;

/** Set of topics that a subscriber requests or a token grants (PROTOCOL M2). Immutable; equal when the texts are. */
public sealed interface TopicSelector {
    /** Heap bytes of the objects around the text. */
    long ENTRY_BYTES = 256;

    /** Whether {@code topic} is in the set. */
    boolean matches(Topic topic);

    /** The selector as it was written. */
    String text();

    /** Estimated heap bytes of the selector and its index entries. */
    default long heapBytes() {
        return ENTRY_BYTES + 2L * text().length();
    }

    /** Maximum steps of a match, without exact topics. */
    default int steps() {
        return 0;
    }

    /** Whether matching all of these is too expensive for an event loop. Costs O(number of selectors). */
    static boolean expensive(Collection<? extends TopicSelector> selectors) {
        int steps = 0;
        for (TopicSelector selector : selectors) {
            steps += selector.steps();
            if (steps > MatchBudget.EXPENSIVE_STEPS) {
                return true;
            }
        }
        return false;
    }

    /**
     * Parses a selector: {@code *} selects every topic; any other text selects the topic with exactly this name. If the
     * text is a valid URI Template with an expression, it also selects every expansion of it.
     *
     * @throws InvalidFieldException if the text is not a valid topic name
     */
    static TopicSelector parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        Topic topic = new Topic(text);
        Optional<UriTemplate> template = UriTemplate.parse(text);
        return template.isPresent() ? new Template(topic, template.get()) : new Exact(topic);
    }

    /** Selector of every topic. */
    record Any() implements TopicSelector {
        @Override
        public boolean matches(Topic topic) {
            return true;
        }

        @Override
        public String text() {
            return "*";
        }
    }

    /** Distinct exact topics of the selectors; empty if any selector is not exact. */
    static List<Topic> exactTopics(List<TopicSelector> selectors) {
        if (!selectors.stream().allMatch(Exact.class::isInstance)) {
            return List.of();
        }
        return selectors.stream()
                .map(selector -> ((Exact) selector).topic())
                .distinct()
                .toList();
    }

    /** Selector of one topic by its name, compared character by character. */
    record Exact(Topic topic) implements TopicSelector, Comparable<Exact> {
        @Override
        public boolean matches(Topic other) {
            return topic.equals(other);
        }

        @Override
        public int compareTo(Exact other) {
            return topic.compareTo(other.topic);
        }

        @Override
        public String text() {
            return topic.name();
        }
    }

    /** Selector of the expansions of a URI Template, and of the topic with the template's text as its name. */
    final class Template implements TopicSelector, Comparable<Template> {
        /** Cost of a match that fails by prefix or suffix. */
        private static final int TRY_UNITS = 16;

        private final Topic topic;
        private final UriTemplate template;

        private Template(Topic topic, UriTemplate template) {
            this.topic = topic;
            this.template = template;
        }

        /** Costs at most O(length of the template × length of the name / 64), and far less for most mismatches. */
        @Override
        public boolean matches(Topic other) {
            return matches(new UriText(other.name()), MatchBudget.unlimited());
        }

        /** As {@link #matches(Topic)}, charged to a budget. The result is correct even if that becomes exhausted. */
        boolean matches(UriText name, MatchBudget budget) {
            boolean matches = template.matches(name) || topic.name().equals(name.toString());
            budget.spend(TRY_UNITS + name.drainWork());
            return matches;
        }

        @Override
        public long heapBytes() {
            return TopicSelector.super.heapBytes() + template.heapBytes();
        }

        @Override
        public int steps() {
            return template.steps();
        }

        /** Literal prefix of the names of all its topics. */
        String prefix() {
            return template.prefix();
        }

        @Override
        public String text() {
            return topic.name();
        }

        @Override
        public int compareTo(Template other) {
            return topic.compareTo(other.topic);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Template that && topic.equals(that.topic);
        }

        @Override
        public int hashCode() {
            return topic.hashCode();
        }

        @Override
        public String toString() {
            return text();
        }
    }
}
