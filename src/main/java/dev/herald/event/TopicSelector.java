package dev.herald.event;

/** What a subscriber asks for, or a token grants: a set of topics (PROTOCOL M2). */
public sealed interface TopicSelector {

    /** Whether {@code topic} is in the set. */
    boolean matches(Topic topic);

    /**
     * Reads a selector: {@code *} selects every topic, any other text selects the topic of that very name.
     *
     * @throws InvalidFieldException if the text could never match, since no topic can be called so
     */
    static TopicSelector parse(String text) {
        return text.equals("*") ? new Any() : new Exact(new Topic(text));
    }

    /** Selects every topic. */
    record Any() implements TopicSelector {
        @Override
        public boolean matches(Topic topic) {
            return true;
        }
    }

    /** Selects one topic by its name, compared character by character. */
    record Exact(Topic topic) implements TopicSelector {
        @Override
        public boolean matches(Topic other) {
            return topic.equals(other);
        }
    }
}
