package dev.herald.event;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Several selectors as one: matches what any of them matches (PROTOCOL M3), at the cost of one hash look-up a topic,
 * however many there are. Immutable.
 */
public final class TopicFilter {
    private final Set<Topic> exact = new HashSet<>();
    private final boolean any;

    public TopicFilter(Collection<TopicSelector> selectors) {
        boolean everything = false;
        for (TopicSelector selector : selectors) {
            if (selector instanceof TopicSelector.Exact one) {
                exact.add(one.topic());
            } else {
                everything = true;
            }
        }
        this.any = everything;
    }

    /** Whether any selector matches any of the topics. */
    public boolean matches(List<Topic> topics) {
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
}
