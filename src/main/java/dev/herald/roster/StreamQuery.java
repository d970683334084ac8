package dev.herald.roster;

import java.util.List;
import java.util.Optional;

import dev.herald.event.Topic;
import dev.herald.identity.Revocation.Target;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Selection of open streams: those that meet each given condition. Immutable.
 *
 * @param target token or subject with which they were opened
 * @param topic topic whose events they get, by any of their selectors
 * @param selector text of one of their selectors
 */
public record StreamQuery(Optional<Target> target, Optional<Topic> topic, Optional<String> selector) {

    /** The streams of a token or subject. */
    public static StreamQuery of(Target target) {
        return new StreamQuery(Optional.of(target), Optional.empty(), Optional.empty());
    }

    /** Whether it selects all streams. */
    public boolean isEmpty() {
        return target.isEmpty() && topic.isEmpty() && selector.isEmpty();
    }

    /**
     * Whether it selects the stream. Expensive templates of the stream are charged to the budget; the result is correct
     * even if that becomes exhausted.
     */
    boolean matches(RosterEntry entry, MatchBudget budget) {
        List<TopicSelector> selectors = entry.subscriber().selectors();
        return target.map(named -> named.includes(entry.identity())).orElse(true)
                && selector.map(text ->
                                selectors.stream().anyMatch(own -> own.text().equals(text)))
                        .orElse(true)
                && topic.map(named -> new TopicFilter(selectors).matches(List.of(named), budget))
                        .orElse(true);
    }
}
