package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

import dev.herald.event.Topic;
import dev.herald.log.Lookback;
import dev.herald.log.sqlite.rows.EventRow.Outline;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Backward search of events, by topic where the selectors name topics. Single use, within a transaction. Ends at
 * a damaged part of the file: reading forward from there reports what is missing.
 */
final class BackwardReader {
    /** Maximum positions of one topic in one lookup. */
    private static final int MAX_POSITIONS = 512;

    private final EventTable events;
    private final CorruptionReport damage;
    private final MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
    private final List<Long> found = new ArrayList<>();
    private long from;
    private int considered;
    private int count;
    private TopicFilter wanted;
    private TopicFilter granted;

    BackwardReader(EventTable events, CorruptionReport damage) {
        this.events = events;
        this.damage = damage;
    }

    /** {@link dev.herald.log.EventLog#lookBack}. */
    Lookback lookBack(long upTo, int most, List<TopicSelector> selectors, List<TopicSelector> grants)
            throws SQLException {
        from = Math.min(upTo, Long.MAX_VALUE - 1) + 1;
        count = most;
        wanted = new TopicFilter(selectors);
        granted = new TopicFilter(grants);
        List<Topic> topics = TopicSelector.exactTopics(selectors);
        try {
            if (topics.isEmpty() || !searchByTopic(topics, upTo)) {
                scan(upTo);
            }
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            from = Lookback.BEGINNING;
        }
        return new Lookback(found, from);
    }

    private void scan(long upTo) throws SQLException {
        if (events.outlinesDescending(Lookback.BEGINNING, upTo, this::consider)) {
            from = Lookback.BEGINNING;
        }
    }

    /** Searches the events of these topics only; false if their index is damaged. */
    private boolean searchByTopic(List<Topic> topics, long upTo) throws SQLException {
        int limit = EventTable.positionsATopic(topics.size(), MAX_POSITIONS);
        NavigableSet<Long> positions = new TreeSet<>();
        long reached = Lookback.BEGINNING;
        try {
            for (Topic topic : topics) {
                for (List<Long> last : events.positionsDescending(topic, reached, upTo, limit)) {
                    positions.addAll(last);
                    if (last.size() == limit) {
                        reached = Math.max(reached, last.get(limit - 1));
                    }
                }
            }
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            return false;
        }
        for (long position : positions.tailSet(reached, true).descendingSet()) {
            // There may be no event: a stale index refers to removed events.
            events.outlinesDescending(position, position, this::consider);
            if (full()) {
                return true;
            }
        }
        from = reached;
        return true;
    }

    /** Returns whether to continue. */
    private boolean consider(Outline event) {
        considered++;
        if (event.position() >= from || event.position() < Lookback.BEGINNING) {
            // Only a damaged B-tree returns positions out of order.
            return !full();
        }
        from = event.position();
        if (!event.isPurged()
                && wanted.matches(event.topics(), budget)
                && granted.permits(event.isPrivate(), event.topics(), budget)) {
            found.add(event.position());
        }
        return !full();
    }

    private boolean full() {
        return found.size() == count || considered == PageBuilder.MAX_CONSIDERED || budget.exhausted();
    }
}
