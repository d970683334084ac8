package dev.herald.log.sqlite.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.log.sqlite.columns.TopicsColumn;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.rows.EventRow.Outline;

/** Queries of the event table over one connection. Used by one thread at a time; closed with its connection. */
public final class EventTable {
    private static final String SELECT = "SELECT " + EventRow.COLUMNS + " FROM event ";

    /** Minimum positions of one topic in one lookup. */
    public static final int MIN_POSITIONS = 16;

    /** Approximate limit for the positions of all topics in one lookup. */
    private static final int MAX_POSITIONS_OF_ALL = 8_192;

    private final TopicsColumn topics = new TopicsColumn();
    private final RetryingStatement ascending;
    private final RetryingStatement atPositions;
    private final RetryingStatement descending;
    private final RetryingStatement outlinesDescending;
    private final RetryingStatement byId;
    private final RetryingStatement byDigest;
    private final RetryingStatement byFirstTopic;
    private final RetryingStatement byOtherTopic;
    private final RetryingStatement descendingByFirstTopic;
    private final RetryingStatement descendingByOtherTopic;
    private final RetryingStatement positionFrom;
    private final RetryingStatement beforeFirst;
    private final RetryingStatement last;

    public EventTable(Connection connection) {
        ascending =
                new RetryingStatement(connection, SELECT + "WHERE position > ? AND position <= ? ORDER BY position");
        atPositions = new RetryingStatement(
                connection, SELECT + "WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position");
        descending = new RetryingStatement(connection, SELECT + "ORDER BY position DESC");
        outlinesDescending = new RetryingStatement(
                connection,
                "SELECT " + EventRow.OUTLINE
                        + " FROM event WHERE position >= ? AND position <= ? ORDER BY position DESC");
        byId = new RetryingStatement(
                connection, "SELECT " + EventRow.OUTLINE + " FROM event WHERE id = ? ORDER BY position LIMIT ?");
        byDigest = new RetryingStatement(connection, "SELECT min(position) FROM event WHERE id = ?");
        byFirstTopic = new RetryingStatement(
                connection,
                "SELECT position FROM event INDEXED BY event_topic"
                        + " WHERE topic = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?");
        byOtherTopic = new RetryingStatement(
                connection,
                "SELECT position FROM alternate"
                        + " WHERE topic = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?");
        descendingByFirstTopic = new RetryingStatement(
                connection,
                "SELECT position FROM event INDEXED BY event_topic"
                        + " WHERE topic = ? AND position >= ? AND position <= ? ORDER BY position DESC LIMIT ?");
        descendingByOtherTopic = new RetryingStatement(
                connection,
                "SELECT position FROM alternate"
                        + " WHERE topic = ? AND position >= ? AND position <= ? ORDER BY position DESC LIMIT ?");
        positionFrom = new RetryingStatement(connection, "SELECT position FROM event WHERE position > ? LIMIT 1");
        beforeFirst = new RetryingStatement(
                connection, "SELECT coalesce(previous, position - 1), position FROM event ORDER BY position LIMIT 1");
        last = new RetryingStatement(connection, "SELECT max(position) FROM event");
    }

    /** Retention's horizon: the position of the last event that it removed, 0 without one. */
    public long horizon() throws SQLException {
        return beforeFirst.use(select -> {
            try (ResultSet row = select.executeQuery()) {
                // The previous position of a damaged row may be too high.
                return row.next() ? Math.min(row.getLong(1), row.getLong(2) - 1) : 0L;
            }
        });
    }

    /** Highest position of an event, 0 without one. */
    public long last() throws SQLException {
        return last.use(EventTable::number);
    }

    /**
     * Visits the events of a range in order.
     *
     * @param after where it begins, exclusive
     * @param through where it ends, inclusive
     * @return false if the visitor stopped
     */
    public boolean ascending(long after, long through, Visitor visitor) throws SQLException {
        return ascending.use(select -> {
            select.setLong(1, after);
            select.setLong(2, through);
            return visit(select, visitor);
        });
    }

    /**
     * Visits the events at these positions in order, as {@link #ascending}; positions without an event are left out.
     */
    public boolean at(Collection<Long> positions, Visitor visitor) throws SQLException {
        String json = positions.toString();
        return atPositions.use(select -> {
            select.setString(1, json);
            return visit(select, visitor);
        });
    }

    /** Visits all events from the newest, as {@link #ascending}. */
    public boolean descending(Visitor visitor) throws SQLException {
        return descending.use(select -> visit(select, visitor));
    }

    private boolean visit(PreparedStatement select, Visitor visitor) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                long position = row.getLong(1);
                if (!visitor.visit(position, EventRow.read(row, position, topics))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Event at a position; empty if there is none, or its checksum is wrong. */
    public Optional<StoredEvent> at(long position) throws SQLException {
        return ascending.use(select -> {
            select.setLong(1, position - 1);
            select.setLong(2, position);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? EventRow.read(row, row.getLong(1), topics) : Optional.empty();
            }
        });
    }

    /** Outlines of the earliest events with an id, ascending. */
    public List<Outline> outlines(EventId id, int limit) throws SQLException {
        return byId.use(select -> {
            EventRow.bindId(select, 1, id);
            select.setInt(2, limit);
            List<Outline> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(EventRow.outline(row));
                }
            }
            return found;
        });
    }

    /** Position of the earliest purged public event that had this id. */
    public OptionalLong purged(EventId id) throws SQLException {
        long position = byDigest.use(select -> {
            select.setBytes(1, NameHash.ofId(id));
            return number(select);
        });
        return position == 0 ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /**
     * Maximum positions of each topic in one lookup for this number of topics.
     *
     * @param most limit for one topic
     */
    public static int positionsATopic(int topics, int most) {
        return Math.max(MIN_POSITIONS, Math.min(most, MAX_POSITIONS_OF_ALL / topics));
    }

    /** First positions of the topic's events in a range, ascending: as first topic, then as an alternate. */
    public List<List<Long>> positions(Topic topic, long after, long through, int limit) throws SQLException {
        long hash = NameHash.ofTopic(topic);
        return List.of(
                positions(byFirstTopic, hash, after, through, limit),
                positions(byOtherTopic, hash, after, through, limit));
    }

    private static List<Long> positions(RetryingStatement index, long hash, long begin, long end, int limit)
            throws SQLException {
        return index.use(select -> {
            select.setLong(1, hash);
            select.setLong(2, begin);
            select.setLong(3, end);
            select.setInt(4, limit);
            List<Long> positions = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
            return positions;
        });
    }

    /** Last positions of the topic's events in a range, descending; both ends inclusive. */
    public List<List<Long>> positionsDescending(Topic topic, long from, long upTo, int limit) throws SQLException {
        long hash = NameHash.ofTopic(topic);
        return List.of(
                positions(descendingByFirstTopic, hash, from, upTo, limit),
                positions(descendingByOtherTopic, hash, from, upTo, limit));
    }

    /** Visits the outlines of a range backwards, both ends inclusive; returns false if the visitor stopped. */
    public boolean outlinesDescending(long from, long upTo, Predicate<Outline> visitor) throws SQLException {
        return outlinesDescending.use(select -> {
            select.setLong(1, from);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (!visitor.test(EventRow.outline(row))) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    /**
     * Position of a readable event after a damaged part of the file, near the first of them. Costs O(log n) queries.
     *
     * @param after reading fails directly after this position
     */
    public OptionalLong readableAfter(long after, long through) {
        long bad = after;
        long good = -1;
        long found = 0;
        for (long step = 1; good < 0 && bad < through && step > 0; step *= 2) {
            long probe = Math.min(through, after + step);
            found = probe(probe);
            if (found > 0) {
                good = probe;
            } else {
                bad = probe;
            }
        }
        while (good - bad > 1) {
            long middle = bad + (good - bad) / 2;
            long position = probe(middle);
            if (position > 0) {
                good = middle;
                found = position;
            } else {
                bad = middle;
            }
        }
        return good < 0 ? OptionalLong.empty() : OptionalLong.of(found);
    }

    /** The position of the first event after a position, 0 if there is none or it cannot be read. */
    private long probe(long after) {
        try {
            long position = positionFrom.use(select -> {
                select.setLong(1, after);
                return number(select);
            });
            if (position > 0) {
                at(position);
            }
            return position;
        } catch (SQLException unreadable) {
            return 0;
        }
    }

    private static long number(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Visitor of events in order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param event empty if the row's checksum is wrong
         * @return whether to continue
         */
        boolean visit(long position, Optional<StoredEvent> event);
    }
}
