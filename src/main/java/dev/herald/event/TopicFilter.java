package dev.herald.event;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Several selectors as one: matches what any of them matches (PROTOCOL M3), at the cost of one hash look-up a topic,
 * however many name one, and a try of each distinct template. Immutable.
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
        return !templates.isEmpty() && topics.stream().anyMatch(this::matchesTemplate);
    }

    private boolean matchesTemplate(Topic topic) {
        UriText name = new UriText(topic.name());
        for (TopicSelector.Template template : templates) {
            if (template.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
