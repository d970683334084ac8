package dev.herald.replay;

import java.util.ArrayList;
import java.util.List;

import dev.herald.event.Event;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.MatchMemo;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;

/**
 * Filter of a range of log events for one subscriber, by its selectors and grants, in steps of bounded cost. Not
 * thread-safe, but may be handed from one thread to another.
 */
public final class Selection {
    private final TopicFilter wanted;
    private final TopicFilter granted;
    private final List<Event> events;
    private final long through;
    private final MatchMemo memo;
    private final List<Event> selected = new ArrayList<>();
    private int next;
    private Matching matching;
    private boolean matchingGrants;

    /**
     * @param wanted filter of the subscriber's selectors; null if the events already match it
     * @param granted filter of the private events that it may read
     * @param memo results of other selections on the same thread
     * @param events in order; those up to {@code after} and beyond {@code through} are skipped
     */
    public Selection(
            TopicFilter wanted, TopicFilter granted, MatchMemo memo, List<Event> events, long after, long through) {
        this.wanted = wanted;
        this.granted = granted;
        this.memo = memo;
        this.events = events.isEmpty()
                ? List.of()
                : events.stream()
                        .filter(event -> event.position() > after && event.position() <= through)
                        .toList();
        this.through = through;
    }

    /** Considers events until all are done or the budget is exhausted. Returns whether all are done. */
    public boolean advance(MatchBudget budget) {
        while (next < events.size() && !budget.exhausted()) {
            Event event = events.get(next);
            if (matching == null) {
                matchingGrants = wanted == null;
                matching = matchingGrants ? granted.permission(event, memo) : wanted.matching(event.topics(), memo);
            }
            if (matching.advance(budget)) {
                matched(event, matching.matches());
            }
        }
        return next == events.size();
    }

    private void matched(Event event, boolean matches) {
        if (matches && !matchingGrants) {
            matchingGrants = true;
            matching = granted.permission(event, MatchMemo.NONE);
        } else {
            considered(event, matches);
        }
    }

    private void considered(Event event, boolean accepted) {
        if (accepted) {
            selected.add(event);
        }
        next++;
        matching = null;
    }

    /** Selected events, in order, once all are considered. */
    public List<Event> selected() {
        return selected;
    }

    /** End of the range, inclusive. */
    public long through() {
        return through;
    }
}
