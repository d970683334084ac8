package dev.herald.log.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.log.Purge;
import dev.herald.log.sqlite.columns.StoredId;
import dev.herald.log.sqlite.columns.TopicsColumn;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.files.RowChecksum;

/**
 * Mapping of an event to a row of the event table and back: columns, and a checksum over all of them except the topic's
 * hash, which is used only to find rows. Stateless.
 */
final class EventRow {
    /** Columns of {@link #read}, in its order. */
    static final String COLUMNS =
            "position, accepted, bytes_before, flags, id, topics, previous, checksum, type, retry, data";

    /** Columns of {@link #outline}, in its order: all precede the data, so its pages are not read. */
    static final String OUTLINE = "position, flags, topics";

    static final String INSERT =
            "INSERT INTO event (" + COLUMNS + ", topic) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    static final String REPLACE = INSERT.replace("INSERT", "REPLACE");

    /** Columns of {@link #purged}, in its order: all precede the data, so its pages are not read. */
    static final String UNPURGED = "position, accepted, bytes_before, flags, id, topics, previous";

    static final String INSERT_ALTERNATE = "INSERT OR IGNORE INTO alternate (topic, position) VALUES (?, ?)";

    private static final int PRIVATE = 1;
    private static final int TEXT_ID = 2;

    /** Type, retry and data have columns of their own. Without it, the data is a block, as schema 1 wrote it. */
    private static final int FIELDS = 4;

    /** The row has a type, or a retry: otherwise these columns, which follow the data, are not read. */
    private static final int TYPED = 8;

    private static final int RETRY = 16;

    /** Placeholder of a purged event: the id is a digest of its own, or empty if it was private; there is no topic. */
    private static final int PURGED = 32;

    private static final int DIGEST_BYTES = 20;
    private static final long NO_RETRY = -1;
    private static final byte[] NOTHING = {};

    private EventRow() {}

    /**
     * Inserts an event with its alternate topics, or the placeholder of a purged one, within the transaction of the caller.
     *
     * @param insert {@link #INSERT}
     * @param insertAlternate {@link #INSERT_ALTERNATE}
     * @param previous position of the event before, 0 without one
     * @param bytesBefore sum of the sizes of all events before, from the log's beginning
     * @param hash {@link #hash}, or a cache of it
     */
    static void insert(
            RetryingStatement insert,
            RetryingStatement insertAlternate,
            Event event,
            long previous,
            long bytesBefore,
            ToLongFunction<Topic> hash)
            throws SQLException {
        if (event.isPurged()) {
            insertPurged(insert, placeholder(event, previous), bytesBefore);
            return;
        }
        insert.use(row -> {
            bind(row, event, previous, bytesBefore);
            row.setLong(12, hash.applyAsLong(event.topics().get(0)));
            return row.executeUpdate();
        });
        for (Topic alternate : event.topics().subList(1, event.topics().size())) {
            insertAlternate.update(hash.applyAsLong(alternate), event.position());
        }
    }

    /**
     * Fills the parameters of {@link #INSERT}, except for the hash of the topic.
     *
     * @param previous position of the event before, 0 without one
     * @param bytesBefore sum of the sizes of all events before, from the log's beginning
     */
    private static void bind(PreparedStatement insert, Event event, long previous, long bytesBefore)
            throws SQLException {
        byte[] uuid = StoredId.uuid(event.id());
        byte[] id = uuid.length > 0 ? uuid : utf8(event.id().value());
        int flags = FIELDS
                | (event.isPrivate() ? PRIVATE : 0)
                | (uuid.length > 0 ? 0 : TEXT_ID)
                | (event.type().isPresent() ? TYPED : 0)
                | (event.retryMillis().isPresent() ? RETRY : 0);
        String topics = topics(event.topics());
        long accepted = nanos(event.acceptedAt());
        byte[] data = event.data().toArray();

        insert.setLong(1, event.position());
        insert.setLong(2, accepted);
        insert.setLong(3, bytesBefore);
        insert.setInt(4, flags);
        bindId(insert, 5, event.id(), uuid);
        insert.setString(6, topics);
        byte[] type = event.type().map(own -> utf8(own.name())).orElse(NOTHING);
        long retry = event.retryMillis().orElse(NO_RETRY);
        insert.setLong(7, previous);
        insert.setLong(
                8,
                checksum(
                        event.position(), accepted, bytesBefore, previous, flags, retry, id, utf8(topics), type, data));
        insert.setString(9, type.length == 0 ? null : text(type));
        insert.setObject(10, event.retryMillis().isPresent() ? retry : null);
        insert.setBytes(11, data);
    }

    private static StoredEvent placeholder(Event purged, long previous) {
        return StoredEvent.purged(
                purged.position(),
                previous,
                nanos(purged.acceptedAt()),
                0,
                purged.isPrivate(),
                purged.data().toArray());
    }

    private static String topics(List<Topic> topics) {
        return topics.size() == 1
                ? topics.get(0).name()
                : topics.stream().map(Topic::name).collect(Collectors.joining("\n"));
    }

    /**
     * Inserts the placeholder of a purged event, within the transaction of the caller.
     *
     * @param insert {@link #INSERT}, or {@link #REPLACE} in place of the event
     */
    static void insertPurged(RetryingStatement insert, StoredEvent purged, long bytesBefore) throws SQLException {
        byte[] digest = purged.isPrivate() ? NOTHING : purged.data();
        int flags = FIELDS | PURGED | (purged.isPrivate() ? PRIVATE : 0);
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
                    checksum(
                            purged.position(),
                            purged.accepted(),
                            bytesBefore,
                            purged.previous(),
                            flags,
                            NO_RETRY,
                            digest,
                            NOTHING,
                            NOTHING,
                            NOTHING));
            row.setString(9, null);
            row.setObject(10, null);
            row.setBytes(11, NOTHING);
            row.setLong(12, 0);
            return row.executeUpdate();
        });
    }

    /** Id of the placeholder of a public event with this id. */
    static byte[] digest(EventId id) {
        return Arrays.copyOf(sha256(id.value()), DIGEST_BYTES);
    }

    /** The placeholder for the event in the current row, which has {@link #UNPURGED}; empty if it is one already. */
    static Optional<StoredEvent> purged(ResultSet row, Purge purge) throws SQLException {
        long position = row.getLong(1);
        int flags = row.getInt(4);
        EventId id = StoredId.read(bytes(row, 5), (flags & TEXT_ID) != 0);
        long previous = row.getLong(7);
        previous = row.wasNull() ? position - 1 : previous;
        Outline outline = new Outline(position, topics(row, 6), (flags & PRIVATE) != 0, (flags & PURGED) != 0);
        return outline.isPurged() || !purge.includes(id, outline.topics())
                ? Optional.empty()
                : Optional.of(StoredEvent.purged(
                        position, previous, row.getLong(2), row.getLong(3), outline.isPrivate(), digest(id)));
    }

    /** Sets a parameter that is compared with the column of ids. */
    static void bindId(PreparedStatement statement, int parameter, EventId id) throws SQLException {
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
    static Optional<StoredEvent> read(ResultSet row, long position, TopicsColumn topicsColumn) throws SQLException {
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

    private static long checksum(
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
    static int hiddenFlags(boolean publicOnly) {
        return PURGED | (publicOnly ? PRIVATE : 0);
    }

    /** Outline of the event in the current row, whether or not its checksum is right. */
    static Outline outline(ResultSet row) throws SQLException {
        return outline(row, 1);
    }

    /** As {@link #outline(ResultSet)}, if the columns begin at a later one. */
    static Outline outline(ResultSet row, int first) throws SQLException {
        int flags = row.getInt(first + 1);
        return new Outline(row.getLong(first), topics(row, first + 2), (flags & PRIVATE) != 0, (flags & PURGED) != 0);
    }

    private static List<Topic> topics(ResultSet row, int column) throws SQLException {
        try {
            return TopicsColumn.topics(bytes(row, column));
        } catch (InvalidFieldException damagedOrPurged) {
            return List.of();
        }
    }

    /**
     * Hash of a topic in the index: 8 bytes, whatever the length of its name. If two topics share a hash, their readers
     * also read and discard each other's rows. It is SHA-256, so that such topics cannot be found on purpose.
     */
    static long hash(Topic topic) {
        return ByteBuffer.wrap(sha256(topic.name())).getLong();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(utf8(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** Nanoseconds since 1970, which overflow in 2262. */
    static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    /** Inverse of {@link #nanos}. */
    static Instant instant(long nanos) {
        return Instant.EPOCH.plusNanos(nanos);
    }

    private static byte[] bytes(ResultSet row, int column) throws SQLException {
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
    record Outline(long position, List<Topic> topics, boolean isPrivate, boolean isPurged) {}
}
