package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.herald.event.Topic;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.rows.EventTable;

/**
 * Positions of all wanted events of a range.
 *
 * @param after where the range begins, exclusive
 * @param through where it ends, inclusive
 */
record WantedPositions(SortedSet<Long> positions, long after, long through) {
    /** A range is scanned if at least one event in this many is wanted; else only the wanted events are read. */
    static final int DENSE = 3;

    /** Positions of one lookup for a snapshot. */
    private static final int POSITIONS_OF_A_SNAPSHOT = 128;

    /** Next positions of any of the topics, complete up to the shortest of their lists. */
    static WantedPositions of(EventTable events, List<Topic> topics, long after, long through, int most)
            throws SQLException {
        int limit = EventTable.positionsATopic(topics.size(), most);
        TreeSet<Long> positions = new TreeSet<>();
        long reached = through;
        for (Topic topic : topics) {
            for (List<Long> found : events.positions(topic, after, reached, limit)) {
                positions.addAll(found);
                if (found.size() == limit) {
                    reached = Math.min(reached, found.get(limit - 1));
                }
            }
        }
        return new WantedPositions(positions.headSet(reached, true), after, reached);
    }

    /** Next positions of a snapshot. */
    static WantedPositions of(TopicSnapshot snapshot, long after, long through) {
        SortedSet<Long> next = new TreeSet<>(snapshot.positions(after, POSITIONS_OF_A_SNAPSHOT));
        SortedSet<Long> within = next.headSet(through + 1);
        boolean last = next.size() < POSITIONS_OF_A_SNAPSHOT || within.size() < next.size();
        return new WantedPositions(within, after, last ? through : next.last());
    }

    /** Visits the events, and others if the range is scanned. Returns false if the visitor stopped. */
    boolean visit(EventTable events, EventTable.Visitor visitor) throws SQLException {
        return dense() ? events.ascending(after, through, visitor) : events.at(positions, visitor);
    }

    /** Whether a scan of the range costs less than a lookup for each position. */
    boolean dense() {
        return positions.size() >= EventTable.MIN_POSITIONS && (through - after) / DENSE < positions.size();
    }
}
