package dev.herald.log.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Event;
import dev.herald.log.Page;
import dev.herald.log.sqlite.rows.StoredEvent;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Builder of a page. A page contains no gap: it ends before missing events, and the next page begins after them, so
 * that readers detect the gap. Not thread-safe.
 */
final class PageBuilder {
    /** Maximum events that a page considers, selected or not. It also ends when matching has cost too much. */
    static final int MAX_CONSIDERED = 1_024;

    private final TopicFilter filter;
    private final MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
    private final int maxBytes;
    private final CorruptionReport damage;

    private final List<Event> selected = new ArrayList<>();
    private long begin;
    private long through;
    private int considered;
    private long bytes;

    /** @param begin where the page begins, exclusive, unless something is missing there */
    PageBuilder(long begin, List<TopicSelector> selectors, int maxBytes, CorruptionReport damage) {
        this.begin = begin;
        this.through = begin;
        this.filter = new TopicFilter(selectors);
        this.maxBytes = maxBytes;
        this.damage = damage;
    }

    long through() {
        return through;
    }

    /** Number of selected events. */
    int size() {
        return selected.size();
    }

    /** Adds the next event of the log; detects missing events before it. Returns whether there is room. */
    boolean addNext(long position, Optional<StoredEvent> event) {
        if (position <= through) {
            // Only a damaged B-tree returns positions out of order.
            return true;
        }
        boolean missing = event.isPresent() && event.get().previous() > through;
        if (missing && !skipMissing(through + 1, position - 1)) {
            return false;
        }
        return add(position, event);
    }

    /** Adds a later event; the events between are not wanted. Returns whether there is room. */
    boolean add(long position, Optional<StoredEvent> event) {
        if (event.isEmpty()) {
            return skipMissing(position, position);
        }
        considered++;
        through = position;
        if (!event.get().isPurged() && filter.matches(event.get().topics(), budget)) {
            Event wanted = event.get().event();
            selected.add(wanted);
            bytes += Page.bytes(wanted);
        }
        return bytes < maxBytes && considered < MAX_CONSIDERED && !budget.exhausted();
    }

    /** Extends the page: no event up to the position is wanted. */
    void extendTo(long position) {
        through = Math.max(through, position);
    }

    /** Records missing events: ends the page before them, or, if it is empty, begins it after them and returns true. */
    boolean skipMissing(long first, long last) {
        if (considered > 0) {
            extendTo(first - 1);
            return false;
        }
        damage.lost(first, last);
        begin = last;
        through = last;
        return true;
    }

    Page build() {
        return new Page(begin, selected, through);
    }
}
