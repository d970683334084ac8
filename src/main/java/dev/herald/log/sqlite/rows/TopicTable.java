package dev.herald.log.sqlite.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.rows.EventRow.Outline;

/**
 * Queries for the newest event of each topic over one connection, by the indexes of topics or by a scan. Topics are given and returned as
 * hashes. Used by one thread at a time; closed with its connection.
 */
public final class TopicTable {
    /** Newest position of a topic: as first topic, or as an alternate. */
    private static final String NEWEST = "max("
            + "coalesce((SELECT max(position) FROM event INDEXED BY event_topic"
            + " WHERE topic = next.topic AND position <= ?2), 0),"
            + " coalesce((SELECT max(position) FROM alternate WHERE topic = next.topic AND position <= ?2), 0))";

    private static final String OUTLINES = " SELECT newest.topic, newest.at, " + EventRow.OUTLINE
            + " FROM newest LEFT JOIN event ON event.position = newest.at ORDER BY newest.topic";

    /** Skips from each topic to the next one in both indexes, so that it costs nothing for its other events. */
    private static final String WALK = "WITH RECURSIVE next(topic) AS (" + following("?1")
            + " UNION ALL " + following("next.topic") + " FROM next WHERE next.topic IS NOT NULL LIMIT ?3),"
            + " newest(topic, at) AS MATERIALIZED (SELECT topic, " + NEWEST
            + " FROM next WHERE topic IS NOT NULL)" + OUTLINES;

    private static final String NAMED = "WITH next(topic) AS (SELECT value FROM json_each(?1)),"
            + " newest(topic, at) AS MATERIALIZED (SELECT topic, " + NEWEST + " FROM next)" + OUTLINES;

    /** Both parts are in the order of their index. */
    private static final String OLDER = "SELECT " + EventRow.OUTLINE + ", position FROM event INDEXED BY event_topic"
            + " WHERE topic = ?1 AND position <= ?2"
            + " UNION ALL SELECT event.position, flags, topics, alternate.position FROM alternate"
            + " LEFT JOIN event ON event.position = alternate.position"
            + " WHERE alternate.topic = ?1 AND alternate.position <= ?2"
            + " ORDER BY 4 DESC LIMIT ?3";

    /** The last of some rows, or nothing if there are fewer. */
    private static final String FLOOR =
            "SELECT position FROM event WHERE position <= ?1 ORDER BY position DESC LIMIT 1 OFFSET ?2";

    private static final String SCAN = "SELECT " + EventRow.OUTLINE + ", topic FROM event"
            + " WHERE position >= ?1 AND position <= ?2 AND (flags & ?3) = 0 ORDER BY position DESC";

    private final RetryingStatement walk;
    private final RetryingStatement named;
    private final RetryingStatement older;
    private final RetryingStatement floor;
    private final RetryingStatement scan;

    public TopicTable(Connection connection) {
        walk = new RetryingStatement(connection, WALK);
        named = new RetryingStatement(connection, NAMED);
        older = new RetryingStatement(connection, OLDER);
        floor = new RetryingStatement(connection, FLOOR);
        scan = new RetryingStatement(connection, SCAN);
    }

    private static String following(String topic) {
        return "SELECT (SELECT min(topic) FROM (SELECT min(topic) AS topic FROM event INDEXED BY event_topic"
                + " WHERE topic > " + topic
                + " UNION ALL SELECT min(topic) FROM alternate WHERE topic > " + topic + "))";
    }

    /**
     * The next topics, ascending, each with its newest event.
     *
     * @param after topic to continue after
     * @param asOf highest position to consider, inclusive
     */
    public List<Newest> walk(long after, long asOf, int limit) throws SQLException {
        return walk.use(select -> {
            select.setLong(1, after);
            select.setLong(2, asOf);
            select.setInt(3, limit);
            return newest(select);
        });
    }

    /** These topics, ascending, each with its newest event, as {@link #walk}. */
    public List<Newest> named(List<Long> topics, long asOf) throws SQLException {
        String json = topics.toString();
        return named.use(select -> {
            select.setString(1, json);
            select.setLong(2, asOf);
            return newest(select);
        });
    }

    private static List<Newest> newest(PreparedStatement select) throws SQLException {
        List<Newest> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Newest(row.getLong(1), row.getLong(2), outline(row, 3)));
            }
        }
        return found;
    }

    /** The newest events of a topic up to a position, inclusive, newest first. */
    public List<Newest> older(long topic, long upTo, int limit) throws SQLException {
        return older.use(select -> {
            select.setLong(1, topic);
            select.setLong(2, upTo);
            select.setInt(3, limit);
            List<Newest> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Newest(topic, row.getLong(4), outline(row, 1)));
                }
            }
            return found;
        });
    }

    /**
     * Visits events backwards, without purged ones. Their topic is the hash of the first one.
     *
     * @param upTo position to start at, inclusive
     * @param rows maximum events to consider
     * @param publicOnly whether to leave private events out
     * @param visitor returns whether to continue
     * @return last position considered, inclusive; 0 or 1 at the beginning
     */
    public long scan(long upTo, int rows, boolean publicOnly, Predicate<Newest> visitor) throws SQLException {
        long from = floor.use(select -> {
            select.setLong(1, upTo);
            select.setInt(2, rows - 1);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0L;
            }
        });
        return scan.use(select -> {
            select.setLong(1, from);
            select.setLong(2, upTo);
            select.setInt(3, EventRow.hiddenFlags(publicOnly));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Newest event = new Newest(row.getLong(4), row.getLong(1), Optional.of(EventRow.outline(row)));
                    if (!visitor.test(event)) {
                        return event.position();
                    }
                }
            }
            return from;
        });
    }

    private static Optional<Outline> outline(ResultSet row, int column) throws SQLException {
        row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(EventRow.outline(row, column));
    }

    /**
     * Event in the index of a topic.
     *
     * @param topic hash of the topic
     * @param position 0 if the topic has no event up to the position
     * @param event empty if the table has none: it is lost
     */
    public record Newest(long topic, long position, Optional<Outline> event) {}
}
