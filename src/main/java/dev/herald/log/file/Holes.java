package dev.herald.log.file;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The stretches of positions, known when the log was opened, at which no event stands. After a crash positions go on
 * further up, since events that the crash took may have been read already; such a stretch is nobody's loss. One where
 * events are known to have stood is, and readers are told. Immutable; there are a few at most, so all is O(n).
 */
final class Holes {
    private final List<Hole> holes;

    Holes(List<Hole> holes) {
        this.holes = List.copyOf(holes);
    }

    static Holes read(Connection connection) throws SQLException {
        List<Hole> holes = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT first, last, lost FROM hole ORDER BY first");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                holes.add(new Hole(row.getLong(1), row.getLong(2), row.getBoolean(3)));
            }
        }
        return new Holes(holes);
    }

    /** Writes them to another log. */
    void write(Connection connection) throws SQLException {
        for (Hole hole : holes) {
            hole.write(connection);
        }
    }

    /** Where reading after a position goes on: there, or behind the loss that begins or continues there. */
    long behindLoss(long position) {
        long at = position;
        for (Hole hole : holes) {
            if (hole.lost && hole.first <= at + 1 && hole.last > at) {
                at = hole.last;
            }
        }
        return at;
    }

    /** The last position before the next loss after a position; {@code Long.MAX_VALUE} when none follows. */
    long beforeLoss(long position) {
        return holes.stream()
                .filter(hole -> hole.lost && hole.first > position)
                .mapToLong(hole -> hole.first - 1)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** The last position before the next event, if the position given is the event before. */
    long behind(long position) {
        long at = position;
        for (Hole hole : holes) {
            if (hole.first <= at + 1 && hole.last > at) {
                at = hole.last;
            }
        }
        return at;
    }

    /** How many positions of a stretch hold no event; both ends inclusive. */
    long count(long first, long last) {
        return holes.stream()
                .mapToLong(hole -> Math.max(0, Math.min(last, hole.last) - Math.max(first, hole.first) + 1))
                .sum();
    }

    /** The highest position in a hole, 0 without one. */
    long last() {
        return holes.stream().mapToLong(hole -> hole.last).max().orElse(0);
    }

    /** The highest position at which an event was lost, 0 without one. */
    long lastLost() {
        return holes.stream()
                .filter(hole -> hole.lost)
                .mapToLong(hole -> hole.last)
                .max()
                .orElse(0);
    }

    /**
     * A stretch without events.
     *
     * @param first its first position
     * @param last its last position, inclusive
     * @param lost whether events stood there
     */
    record Hole(long first, long last, boolean lost) {

        void write(Connection connection) throws SQLException {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT OR REPLACE INTO hole (first, last, lost) VALUES (?, ?, ?)")) {
                insert.setLong(1, first);
                insert.setLong(2, last);
                insert.setBoolean(3, lost);
                insert.executeUpdate();
            }
        }
    }
}
