package dev.herald.log.sqlite.rows;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.log.sqlite.columns.StoredId;
import dev.herald.log.sqlite.columns.StoredTime;
import dev.herald.log.sqlite.columns.TopicsColumn;
import dev.herald.log.sqlite.files.RowChecksum;

/**
 * Mapping of an event to a row of the event table and back: columns, and a checksum over all of them except the topic's
 * hash, which is used only to find rows. Stateless.
 */
public final class EventRow {
    /** Columns of {@link #read}, in its order. */
    public static final String COLUMNS =
            "position, accepted, bytes_before, flags, id, topics, previous, checksum, type, retry, data";

    /** Columns of {@link #outline}, in its order: all precede the data, so its pages are not read. */
    public static final String OUTLINE = "position, flags, topics";

    /** Number of parameters of one row in {@link #INSERT}. */
    static final int PARAMETERS = 12;

    private static final String VALUES = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String INTO = " INTO event (" + COLUMNS + ", topic) VALUES ";

    public static final String INSERT = "INSERT" + INTO + VALUES;

    public static final String REPLACE = "REPLACE" + INTO + VALUES;

    static final String INSERT_ALTERNATE = "INSERT OR IGNORE INTO alternate (topic, position) VALUES (?, ?)";

    static final int PRIVATE = 1;
    static final int TEXT_ID = 2;

    /** Type, retry and data have columns of their own. Without it, the data is a block, as schema 1 wrote it. */
    static final int FIELDS = 4;

    /** The row has a type, or a retry: otherwise these columns, which follow the data, are not read. */
    private static final int TYPED = 8;

    private static final int RETRY = 16;

    /** Placeholder of a purged event: the id is a digest of its own, or empty if it was private; there is no topic. */
    static final int PURGED = 32;

    static final long NO_RETRY = -1;
    static final byte[] NOTHING = {};

    private EventRow() {}

    /**
     * Statement that inserts several rows. After a failure the rows before it are in the table, so the caller must roll
     * the transaction back; otherwise SQLite would copy each page that it changes.
     */
    static String insertOf(int rows) {
        return "INSERT OR FAIL" + INTO + String.join(", ", Collections.nCopies(rows, VALUES));
    }

    /**
     * Fills the parameters of a row.
     *
     * @param insert {@link #INSERT}, or {@link #insertOf}
     * @param first its first parameter, from 1
     * @param previous position of the event before, 0 without one
     * @param bytesBefore sum of the sizes of all events before, from the log's beginning
     * @param topic {@link NameHash} of the first topic
     */
    static void bind(PreparedStatement insert, int first, Event event, long previous, long bytesBefore, long topic)
            throws SQLException {
        byte[] uuid = StoredId.uuid(event.id());
        byte[] id = uuid.length > 0 ? uuid : utf8(event.id().value());
        int flags = FIELDS
                | (event.isPrivate() ? PRIVATE : 0)
                | (uuid.length > 0 ? 0 : TEXT_ID)
                | (event.type().isPresent() ? TYPED : 0)
                | (event.retryMillis().isPresent() ? RETRY : 0);
        String topics = topics(event.topics());
        long accepted = StoredTime.nanos(event.acceptedAt());
        byte[] data = event.data().toArray();

        insert.setLong(first, event.position());
        insert.setLong(first + 1, accepted);
        insert.setLong(first + 2, bytesBefore);
        insert.setInt(first + 3, flags);
        bindId(insert, first + 4, event.id(), uuid);
        insert.setString(first + 5, topics);
        byte[] type = event.type().map(own -> utf8(own.name())).orElse(NOTHING);
        long retry = event.retryMillis().orElse(NO_RETRY);
        insert.setLong(first + 6, previous);
        insert.setLong(
                first + 7,
                checksum(
                        event.position(), accepted, bytesBefore, previous, flags, retry, id, utf8(topics), type, data));
        insert.setString(first + 8, type.length == 0 ? null : text(type));
        insert.setObject(first + 9, event.retryMillis().isPresent() ? retry : null);
        insert.setBytes(first + 10, data);
        insert.setLong(first + 11, topic);
    }

    private static String topics(List<Topic> topics) {
        return topics.size() == 1
                ? topics.get(0).name()
                : topics.stream().map(Topic::name).collect(Collectors.joining("\n"));
    }

    /** Sets a parameter that is compared with the column of ids. */
    public static void bindId(PreparedStatement statement, int parameter, EventId id) throws SQLException {
        bindId(statement, parameter, id, StoredId.uuid(id));
    }

    private static void bindId(PreparedStatement statement, int parameter, EventId id, byte[] uuid)
            throws SQLException {
        if (uuid.length > 0) {
            statement.setBytes(parameter, uuid);
        } else {
            statement.setString(parameter, id.value());
        }
    }

    /**
     * The event in the current row; empty if its checksum is wrong.
     *
     * @param position its first column
     * @param topicsColumn parser with the topics of rows read before
     */
    public static Optional<StoredEvent> read(ResultSet row, long position, TopicsColumn topicsColumn)
            throws SQLException {
        long accepted = row.getLong(2);
        long bytesBefore = row.getLong(3);
        int flags = row.getInt(4);
        byte[] id = bytes(row, 5);
        byte[] topics = bytes(row, 6);
        byte[] data = bytes(row, 11);
        boolean isBlock = (flags & FIELDS) == 0;
        boolean isPurged = (flags & PURGED) != 0;
        // Rows of schema 1 follow each other, unless a migration found otherwise.
        long previous = row.getLong(7);
        previous = isBlock && row.wasNull() ? position - 1 : previous;
        byte[] type = (flags & TYPED) == 0 ? NOTHING : bytes(row, 9);
        long retry = (flags & RETRY) == 0 ? NO_RETRY : row.getLong(10);
        long checksum = isBlock
                ? RowChecksum.ofBlock(position, accepted, bytesBefore, flags, id, topics, data)
                : checksum(position, accepted, bytesBefore, previous, flags, retry, id, topics, type, data);
        if (checksum != row.getLong(8)) {
            return Optional.empty();
        }
        if (isPurged) {
            return Optional.of(
                    StoredEvent.purged(position, previous, accepted, bytesBefore, (flags & PRIVATE) != 0, id));
        }
        return Optional.of(new StoredEvent(
                position,
                previous,
                StoredId.read(id, (flags & TEXT_ID) != 0),
                accepted,
                bytesBefore,
                topicsColumn.parse(topics),
                (flags & PRIVATE) != 0,
                type,
                retry,
                data,
                isBlock,
                false));
    }

    static long checksum(
            long position,
            long accepted,
            long bytesBefore,
            long previous,
            int flags,
            long retry,
            byte[] id,
            byte[] topics,
            byte[] type,
            byte[] data) {
        return RowChecksum.of(
                new long[] {position, accepted, bytesBefore, previous, flags, retry}, id, topics, type, data);
    }

    /**
     * Flags of events that are no one's newest.
     *
     * @param publicOnly whether private ones are among them
     */
    public static int hiddenFlags(boolean publicOnly) {
        return PURGED | (publicOnly ? PRIVATE : 0);
    }

    /** Outline of the event in the current row, whether or not its checksum is right. */
    public static Outline outline(ResultSet row) throws SQLException {
        return outline(row, 1);
    }

    /** As {@link #outline(ResultSet)}, if the columns begin at a later one. */
    public static Outline outline(ResultSet row, int first) throws SQLException {
        int flags = row.getInt(first + 1);
        return new Outline(row.getLong(first), topics(row, first + 2), (flags & PRIVATE) != 0, (flags & PURGED) != 0);
    }

    static List<Topic> topics(ResultSet row, int column) throws SQLException {
        try {
            return TopicsColumn.topics(bytes(row, column));
        } catch (InvalidFieldException damagedOrPurged) {
            return List.of();
        }
    }

    static byte[] bytes(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? NOTHING : bytes;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Outline of an event: read without its data, and so without verifying its checksum.
     *
     * @param topics empty if the column is damaged, or the event purged
     */
    public record Outline(long position, List<Topic> topics, boolean isPrivate, boolean isPurged) {}
}
