package dev.herald.selector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.herald.selector.TopicSelector.Template;

/**
 * Cache of the newest match results of small templates with long topics, shared by subscribers with equal templates.
 * Bounded by {@value #MAX_RESULTS} results, about 8 KB each at most. Not thread-safe.
 */
public final class MatchMemo {
    private static final int MAX_RESULTS = 512;

    /** Stores nothing. */
    public static final MatchMemo NONE = new MatchMemo(0);

    /** Larger templates are not cached: their size would determine the memory. */
    private static final int MAX_STEPS = 64;

    /** Shorter topics are matched as fast as looked up. */
    private static final int MIN_TOPIC_LENGTH = 512;

    private final Map<Key, Boolean> results = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
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
        return isCacheable(template, topic)
                ? Optional.ofNullable(results.get(new Key(template, topic)))
                : Optional.empty();
    }

    void put(Template template, String topic, boolean matches) {
        if (isCacheable(template, topic)) {
            results.put(new Key(template, topic), matches);
        }
    }

    private boolean isCacheable(Template template, String topic) {
        return maxResults > 0 && topic.length() >= MIN_TOPIC_LENGTH && template.steps() <= MAX_STEPS;
    }

    private record Key(Template template, String topic) {}
}
