package dev.herald.log.file;

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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Frame;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.log.file.EventTable.Outline;

/**
 * How an event is written as a row, and read back: the columns, and the checksum over all of them but the topic's hash,
 * which only finds rows and is never believed. Stateless.
 */
final class EventRow {
    /** What {@link #read} wants, in its order. */
    static final String COLUMNS = "position, accepted, bytes_before, flags, id, topics, attributes, checksum, frame";

    /** What {@link #outline} wants, in its order: all of it stands before the frame, whose pages are not read then. */
    static final String OUTLINE = "position, flags, topics";

    static final String INSERT = "INSERT INTO event (" + COLUMNS + ", topic) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)";

    /** {@link Event#size()} of a row, as a term of SQL. Lines of topics are joined by line feeds, which are not theirs. */
    static final String SIZE = "length(frame) + length(CAST(replace(topics, char(10), '') AS BLOB))"
            + " + CASE WHEN flags & 2 THEN length(CAST(id AS BLOB)) ELSE 45 END";

    private static final String UUID_PREFIX = "urn:uuid:";
    private static final int UUID_TEXT_LENGTH = 45;
    private static final int PRIVATE = 1;
    private static final int TEXT_ID = 2;
    private static final byte[] NOTHING = {};

    private EventRow() {}

    /**
     * Fills the parameters of {@link #INSERT}.
     *
     * @param bytesBefore sum of the sizes of all events before, from the log's beginning
     */
    static void bind(PreparedStatement insert, Event event, long bytesBefore) throws SQLException {
        byte[] uuid = uuid(event.id());
        byte[] id = uuid.length > 0 ? uuid : event.id().value().getBytes(StandardCharsets.UTF_8);
        int flags = (event.isPrivate() ? PRIVATE : 0) | (uuid.length > 0 ? 0 : TEXT_ID);
        String topics = event.topics().stream().map(Topic::name).collect(Collectors.joining("\n"));
        byte[] frame = new byte[event.frame().size()];
        event.frame().bytes().get(frame);
        long accepted = nanos(event.acceptedAt());

        insert.setLong(1, event.position());
        insert.setLong(2, accepted);
        insert.setLong(3, bytesBefore);
        insert.setInt(4, flags);
        bindId(insert, 5, event.id());
        insert.setString(6, topics);
        insert.setLong(
                7,
                checksum(
                        event.position(),
                        accepted,
                        bytesBefore,
                        flags,
                        id,
                        topics.getBytes(StandardCharsets.UTF_8),
                        NOTHING,
                        frame));
        insert.setBytes(8, frame);
        insert.setLong(9, hash(event.topics().get(0)));
    }

    /** Sets a parameter that is compared with the column of ids. */
    static void bindId(PreparedStatement statement, int parameter, EventId id) throws SQLException {
        byte[] uuid = uuid(id);
        if (uuid.length > 0) {
            statement.setBytes(parameter, uuid);
        } else {
            statement.setString(parameter, id.value());
        }
    }

    /** The event in the row that the cursor stands on; nothing if its checksum is wrong. */
    static Optional<Event> read(ResultSet row) throws SQLException {
        long position = row.getLong(1);
        long accepted = row.getLong(2);
        int flags = row.getInt(4);
        byte[] id = bytes(row, 5);
        byte[] topics = bytes(row, 6);
        byte[] frame = bytes(row, 9);
        long found = checksum(position, accepted, row.getLong(3), flags, id, topics, bytes(row, 7), frame);
        if (found != row.getLong(8)) {
            return Optional.empty();
        }
        return Optional.of(new Event(
                position,
                (flags & TEXT_ID) == 0 ? id(id) : new EventId(text(id)),
                instant(accepted),
                topics(text(topics)),
                (flags & PRIVATE) != 0,
                Frame.encoded(frame)));
    }

    /** What the row that the cursor stands on says of its event, whether or not its checksum is right. */
    static Outline outline(ResultSet row) throws SQLException {
        List<Topic> topics;
        try {
            topics = topics(text(bytes(row, 3)));
        } catch (InvalidFieldException damaged) {
            topics = List.of();
        }
        return new Outline(row.getLong(1), topics, (row.getInt(2) & PRIVATE) != 0);
    }

    /**
     * What stands for a topic in the index: 8 bytes, however long its name. Two topics that share a hash cost each
     * other's readers a look at rows that are not theirs; SHA-256, so that nobody finds such topics on purpose.
     */
    static long hash(Topic topic) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(topic.name().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** Nanoseconds since 1970; a long holds them until 2262. */
    static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private static List<Topic> topics(String lines) {
        return lines.indexOf('\n') < 0
                ? List.of(new Topic(lines))
                : Arrays.stream(lines.split("\n")).map(Topic::new).toList();
    }

    private static EventId id(byte[] uuid) {
        ByteBuffer halves = ByteBuffer.wrap(uuid);
        return new EventId(UUID_PREFIX + new UUID(halves.getLong(), halves.getLong()));
    }

    /** The 16 bytes of an id that is a UUID in the one spelling that can be told from them; else none. */
    private static byte[] uuid(EventId id) {
        String text = id.value();
        if (text.length() != UUID_TEXT_LENGTH || !text.startsWith(UUID_PREFIX)) {
            return NOTHING;
        }
        try {
            String digits = text.substring(UUID_PREFIX.length());
            UUID uuid = UUID.fromString(digits);
            return uuid.toString().equals(digits)
                    ? ByteBuffer.allocate(16)
                            .putLong(uuid.getMostSignificantBits())
                            .putLong(uuid.getLeastSignificantBits())
                            .array()
                    : NOTHING;
        } catch (IllegalArgumentException notOne) {
            return NOTHING;
        }
    }

    private static byte[] bytes(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? NOTHING : bytes;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** CRC32C over the fixed fields, the lengths of the others, and the others. */
    private static long checksum(
            long position,
            long accepted,
            long bytesBefore,
            int flags,
            byte[] id,
            byte[] topics,
            byte[] attributes,
            byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(44)
                .putLong(position)
                .putLong(accepted)
                .putLong(bytesBefore)
                .putInt(flags)
                .putInt(id.length)
                .putInt(topics.length)
                .putInt(attributes.length)
                .putInt(frame.length)
                .flip());
        crc.update(id);
        crc.update(topics);
        crc.update(attributes);
        crc.update(frame);
        return crc.getValue();
    }
}
