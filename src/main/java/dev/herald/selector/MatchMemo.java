package dev.herald.selector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.herald.selector.TopicSelector.Template;

/**
 * Results of matching small templates with long topics, the newest of them: many subscribers that share a template find the
 * result of the first. Bounded by {@value #MAX_RESULTS} results, about 8 KB each at most. Not thread-safe.
 */
public final class MatchMemo {
    private static final int MAX_RESULTS = 512;

    /** Keeps nothing. */
    public static final MatchMemo NONE = new MatchMemo(0);

    /** Larger templates are not kept: memory would be bounded by their size. */
    private static final int MAX_STEPS = 64;

    /** Shorter topics are matched as fast as they are found here. */
    private static final int MIN_TOPIC_LENGTH = 512;

    private final Map<Question, Boolean> results = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Boolean> eldest) {
            return size() > maxResults;
        }
    };

    private final int maxResults;

    public MatchMemo() {
        this(MAX_RESULTS);
    }

    private MatchMemo(int maxResults) {
        this.maxResults = maxResults;
    }

    Optional<Boolean> find(Template template, String topic) {
        return kept(template, topic)
                ? Optional.ofNullable(results.get(new Question(template, topic)))
                : Optional.empty();
    }

    void note(Template template, String topic, boolean matches) {
        if (kept(template, topic)) {
            results.put(new Question(template, topic), matches);
        }
    }

    private boolean kept(Template template, String topic) {
        return maxResults > 0 && topic.length() >= MIN_TOPIC_LENGTH && template.steps() <= MAX_STEPS;
    }

    private record Question(Template template, String topic) {}
}
