package dev.herald.hub;

import java.util.ArrayList;
import java.util.List;

import dev.herald.event.Event;
import dev.herald.event.MatchBudget;
import dev.herald.event.MatchMemo;
import dev.herald.event.Matching;
import dev.herald.event.TopicFilter;

/**
 * Selection of those events of a stretch of the log that one subscriber asked for and may read, in pieces of bounded cost.
 * Not thread-safe, but may be handed from one thread to another.
 */
final class Selection {
    private final TopicFilter wanted;
    private final TopicFilter granted;
    private final List<Event> events;
    private final long through;
    private final MatchMemo memo;
    private final List<Event> selected = new ArrayList<>();
    private int next;
    private Matching matching;
    private boolean asksForGrant;

    /**
     * @param wanted what the subscriber asked for; null if the events have been selected by that
     * @param granted which private events it may read
     * @param memo results of other selections on the same thread
     * @param events in order; those up to {@code after} and behind {@code through} are left out
     */
    Selection(TopicFilter wanted, TopicFilter granted, MatchMemo memo, List<Event> events, long after, long through) {
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

    /** Goes on until all events are considered or the budget is exhausted. Returns whether all are considered. */
    boolean advance(MatchBudget budget) {
        while (next < events.size() && !budget.exhausted()) {
            Event event = events.get(next);
            if (matching == null) {
                asksForGrant = wanted == null;
                matching = (asksForGrant ? granted : wanted).matching(event.topics(), memo);
            }
            if (asksForGrant && !event.isPrivate()) {
                considered(event, true);
            } else if (matching.advance(budget)) {
                answered(event, matching.matches());
            }
        }
        return next == events.size();
    }

    private void answered(Event event, boolean matches) {
        if (matches && !asksForGrant && event.isPrivate()) {
            asksForGrant = true;
            matching = granted.matching(event.topics());
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

    /** The selected events, in order, once all are considered. */
    List<Event> selected() {
        return selected;
    }

    /** Where the stretch ends, inclusive. */
    long through() {
        return through;
    }
}
