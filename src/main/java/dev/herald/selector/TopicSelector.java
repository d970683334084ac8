package dev.herald.selector;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;

/** What a subscriber asks for, or a token grants: a set of topics (PROTOCOL M2). Immutable; equal when the texts are. */
public sealed interface TopicSelector {
    /** Of {@link #heapBytes}: the objects around the text. */
    long ENTRY_BYTES = 256;

    /** Of {@link #heapBytes}: a variable of a template. */
    long VARIABLE_BYTES = 160;

    /** Of {@link #heapBytes}: any other character of a template behind its first variable. */
    long SYMBOL_BYTES = 12;

    /** Whether {@code topic} is in the set. */
    boolean matches(Topic topic);

    /** The selector as it was written. */
    String text();

    /** What the selector and its entries in indexes occupy in the heap, about, in bytes. Costs O(length). */
    default long heapBytes() {
        String text = text();
        long bytes = ENTRY_BYTES + 2L * text.length();
        for (int i = text.indexOf('{'); i >= 0 && i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c == '{' || c == ',' ? VARIABLE_BYTES : SYMBOL_BYTES;
        }
        return bytes;
    }

    /** Number of steps that matching takes at most, apart from a look-up by name. */
    default int steps() {
        return 0;
    }

    /** Whether matching with all of these is too expensive for an event loop. Costs O(number of selectors). */
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
     * Reads a selector: {@code *} selects every topic; any other text selects the topic of that very name and, if it is a
     * valid URI Template with an expression in it, also every topic that is an expansion of it.
     *
     * @throws InvalidFieldException if no topic could be called so
     */
    static TopicSelector parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        Topic topic = new Topic(text);
        Optional<UriTemplate> template = UriTemplate.parse(text);
        return template.isPresent() ? new Template(topic, template.get()) : new Exact(topic);
    }

    /** Selects every topic. */
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

    /** The topics that the selectors name, without repetition; empty if any selector is no exact topic. */
    static List<Topic> exactTopics(List<TopicSelector> selectors) {
        if (!selectors.stream().allMatch(Exact.class::isInstance)) {
            return List.of();
        }
        return selectors.stream()
                .map(selector -> ((Exact) selector).topic())
                .distinct()
                .toList();
    }

    /** Selects one topic by its name, compared character by character. */
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

    /** Selects the expansions of a URI Template, and the topic that is called like the template itself. */
    final class Template implements TopicSelector, Comparable<Template> {
        /** What a try costs that fails by how the template begins or ends. */
        private static final int TRY_UNITS = 16;

        private final Topic topic;
        private final UriTemplate template;

        private Template(Topic topic, UriTemplate template) {
            this.topic = topic;
            this.template = template;
        }

        /** Costs O(length of the template × length of the name / 64) at most, and far less for most that do not match. */
        @Override
        public boolean matches(Topic other) {
            return matches(new UriText(other.name()), MatchBudget.unlimited());
        }

        /** As {@link #matches(Topic)}, at the cost of a budget. The result is right even if that becomes exhausted. */
        boolean matches(UriText name, MatchBudget budget) {
            boolean matches = template.matches(name) || topic.name().equals(name.toString());
            budget.spend(TRY_UNITS + name.takeWork());
            return matches;
        }

        @Override
        public int steps() {
            return template.steps();
        }

        /** How the names of all its topics begin, to the letter. */
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
