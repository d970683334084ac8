package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.rows.EventInsert;
import dev.herald.log.sqlite.rows.EventRow;
import dev.herald.log.sqlite.rows.PurgedRow;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Writer of stored events into the empty tables of another database, at their positions and in their order. Used by one
 * thread, within the transactions of its caller.
 */
final class EventCopy {
    private final Connection to;
    private final EventInsert insert;
    private final RetryingStatement insertPurged;

    private long reached;
    private long purged;
    private long bytes;
    private long count;

    EventCopy(Connection to) {
        this.to = to;
        this.insert = new EventInsert(to);
        this.insertPurged = new RetryingStatement(to, EventRow.INSERT);
    }

    /** Position of the last copied event, 0 without one. */
    long reached() {
        return reached;
    }

    /** Number of copied events. */
    long count() {
        return count;
    }

    /** @param stored event after {@link #reached()} */
    void add(StoredEvent stored) throws SQLException {
        if (stored.isPurged()) {
            PurgedRow.insert(insertPurged, stored, bytes);
            purged = stored.position();
        } else {
            bytes = insert.insert(List.of(stored.event()), stored.previous(), bytes);
        }
        reached = stored.position();
        count++;
    }

    /** Records that there are placeholders of purged events, if there are. */
    void recordPurged() throws SQLException {
        if (purged > 0) {
            EventPurge.recordThrough(to, purged);
        }
    }
}
