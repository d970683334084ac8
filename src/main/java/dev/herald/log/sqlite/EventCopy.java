package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

import dev.herald.event.Event;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.rows.EventRow;
import dev.herald.log.sqlite.rows.NameHash;
import dev.herald.log.sqlite.rows.PurgedRow;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Writer of stored events into the empty tables of another database, at their positions and in their order. Used by one
 * thread, within the transactions of its caller.
 */
final class EventCopy {
    private final Connection to;
    private final RetryingStatement insert;
    private final RetryingStatement insertAlternate;

    private long reached;
    private long purged;
    private long bytes;
    private long count;

    EventCopy(Connection to) {
        this.to = to;
        this.insert = new RetryingStatement(to, EventRow.INSERT);
        this.insertAlternate = new RetryingStatement(to, EventRow.INSERT_ALTERNATE);
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
            PurgedRow.insert(insert, stored, bytes);
            purged = stored.position();
        } else {
            add(stored.event(), stored.previous());
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

    private void add(Event event, long previous) throws SQLException {
        EventRow.insert(insert, insertAlternate, event, previous, bytes, NameHash::ofTopic);
        bytes += event.size();
    }
}
