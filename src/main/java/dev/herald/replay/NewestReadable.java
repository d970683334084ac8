package dev.herald.replay;

import java.util.List;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.log.EventLog;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** Search for the newest event that a reader may read. Thread-safe. */
public final class NewestReadable {
    /** Cost limit of one search: some milliseconds. */
    private static final long SEARCH_UNITS = 5_000_000;

    private final EventLog log;

    public NewestReadable(EventLog log) {
        this.log = log;
    }

    /**
     * Id of the newest event in the log that a reader with these grants may read, or {@code earliest}. Resuming from it
     * misses nothing.
     *
     * <p>It is {@code earliest} while nothing or only private events have been published, so it discloses no private
     * event (decision 112). A private event that the reader may read is considered only while it is recent.
     */
    public String id(List<TopicSelector> grants) {
        long horizon = log.horizon();
        TopicFilter granted = new TopicFilter(grants);
        MatchBudget budget = new MatchBudget(SEARCH_UNITS);
        return log.recent()
                .newest(event -> event.position() > horizon
                        && (budget.exhausted() || granted.permits(event.isPrivate(), event.topics(), budget)))
                .filter(event -> !budget.exhausted())
                .map(Event::id)
                .or(() -> log.recent().newestPublic(horizon))
                .map(EventId::value)
                .orElse(EventId.EARLIEST);
    }
}
