package dev.herald.log.sqlite.rows;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.log.Purge;
import dev.herald.log.sqlite.columns.StoredId;
import dev.herald.log.sqlite.columns.StoredTime;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.rows.EventRow.Outline;

/**
 * Row of a purged event: a placeholder that keeps its position and nothing that was published (decision 231).
 * Stateless.
 */
public final class PurgedRow {
    /** Columns of {@link #of}, in its order: all precede the data, so its pages are not read. */
    public static final String COLUMNS = "position, accepted, bytes_before, flags, id, topics, previous";

    private PurgedRow() {}

    /** Inserts a purged event, whose data is the digest of its id; see {@link #insert(RetryingStatement, StoredEvent, long)}. */
    static void insert(RetryingStatement insert, Event purged, long previous, long bytesBefore) throws SQLException {
        StoredEvent placeholder = StoredEvent.purged(
                purged.position(),
                previous,
                StoredTime.nanos(purged.acceptedAt()),
                0,
                purged.isPrivate(),
                purged.data().toArray());
        insert(insert, placeholder, bytesBefore);
    }

    /**
     * Inserts the placeholder of a purged event, within the transaction of the caller.
     *
     * @param insert {@link EventRow#INSERT}, or {@link EventRow#REPLACE} in place of the event
     */
    public static void insert(RetryingStatement insert, StoredEvent purged, long bytesBefore) throws SQLException {
        byte[] digest = purged.isPrivate() ? EventRow.NOTHING : purged.data();
        int flags = EventRow.FIELDS | EventRow.PURGED | (purged.isPrivate() ? EventRow.PRIVATE : 0);
        insert.use(row -> {
            row.setLong(1, purged.position());
            row.setLong(2, purged.accepted());
            row.setLong(3, bytesBefore);
            row.setInt(4, flags);
            row.setBytes(5, digest);
            row.setString(6, "");
            row.setLong(7, purged.previous());
            row.setLong(
                    8,
                    EventRow.checksum(
                            purged.position(),
                            purged.accepted(),
                            bytesBefore,
                            purged.previous(),
                            flags,
                            EventRow.NO_RETRY,
                            digest,
                            EventRow.NOTHING,
                            EventRow.NOTHING,
                            EventRow.NOTHING));
            row.setString(9, null);
            row.setObject(10, null);
            row.setBytes(11, EventRow.NOTHING);
            row.setLong(12, 0);
            return row.executeUpdate();
        });
    }

    /** The placeholder for the event in the current row, which has {@link #COLUMNS}; empty if it is one already. */
    public static Optional<StoredEvent> of(ResultSet row, Purge purge) throws SQLException {
        long position = row.getLong(1);
        int flags = row.getInt(4);
        EventId id = StoredId.read(EventRow.bytes(row, 5), (flags & EventRow.TEXT_ID) != 0);
        long previous = row.getLong(7);
        previous = row.wasNull() ? position - 1 : previous;
        Outline outline = new Outline(
                position, EventRow.topics(row, 6), (flags & EventRow.PRIVATE) != 0, (flags & EventRow.PURGED) != 0);
        return outline.isPurged() || !purge.includes(id, outline.topics())
                ? Optional.empty()
                : Optional.of(StoredEvent.purged(
                        position, previous, row.getLong(2), row.getLong(3), outline.isPrivate(), NameHash.ofId(id)));
    }
}
