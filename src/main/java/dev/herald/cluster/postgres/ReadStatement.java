package dev.herald.cluster.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

import dev.herald.cluster.AppendedBatch;
import dev.herald.cluster.SharedEvent;
import dev.herald.cluster.SharedEvent.Kind;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Topic;

/** Statements that read batches with their events, in one snapshot. Used by one thread. */
final class ReadStatement implements AutoCloseable {
    /** Batches of one read. */
    private static final int MAX_BATCHES = 2_000;

    private static final String EVENT =
            "e.position, e.kind, e.private, e.retry, e.id, array_to_string(e.topics, E'\\n'), e.type, e.data";

    private final PreparedStatement read;
    private final PreparedStatement readOne;
    private final PreparedStatement token;

    /** Topics of the row before, since many events in turn have the same. */
    private String topicsText = "";

    private List<Topic> topics = List.of();

    ReadStatement(Connection connection) throws SQLException {
        read = connection.prepareStatement("WITH b AS (SELECT first, last, token, accepted FROM"
                + " (SELECT first, last, token, accepted, sum(size) OVER (ORDER BY last) - size AS before FROM"
                + " (SELECT * FROM herald.batch WHERE last > ? ORDER BY last LIMIT " + MAX_BATCHES + ") n) s"
                + " WHERE before < ?)"
                + " SELECT b.token, b.first, b.last, (extract(epoch FROM b.accepted) * 1000000)::bigint, " + EVENT
                + " FROM b LEFT JOIN LATERAL (SELECT * FROM herald.event WHERE position BETWEEN b.first AND b.last) e"
                + " ON true ORDER BY b.last, e.position");
        readOne = connection.prepareStatement("SELECT " + EVENT + " FROM herald.event e WHERE e.position = ?");
        token = connection.prepareStatement("SELECT token FROM herald.batch WHERE last = ?");
    }

    List<AppendedBatch> execute(long after, long maxBytes) throws SQLException {
        read.setLong(1, after);
        read.setLong(2, maxBytes);
        List<AppendedBatch> batches = new ArrayList<>();
        try (ResultSet row = read.executeQuery()) {
            boolean more = row.next();
            while (more) {
                UUID token = row.getObject(1, UUID.class);
                long first = row.getLong(2);
                long last = row.getLong(3);
                Instant accepted = Instant.EPOCH.plus(row.getLong(4), ChronoUnit.MICROS);
                List<SharedEvent> events = new ArrayList<>();
                while (more && row.getLong(3) == last) {
                    event(row, 5).ifPresent(events::add);
                    more = row.next();
                }
                batches.add(new AppendedBatch(token, first, last, accepted, events));
            }
        }
        return batches;
    }

    Optional<SharedEvent> event(long position) throws SQLException {
        readOne.setLong(1, position);
        try (ResultSet row = readOne.executeQuery()) {
            return row.next() ? event(row, 1) : Optional.empty();
        }
    }

    Optional<UUID> token(long last) throws SQLException {
        token.setLong(1, last);
        try (ResultSet row = token.executeQuery()) {
            return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
        }
    }

    /** The event in the columns from one on; empty for a batch without events. */
    private Optional<SharedEvent> event(ResultSet row, int from) throws SQLException {
        int column = from;
        long position = row.getLong(column++);
        if (row.wasNull()) {
            return Optional.empty();
        }
        Kind kind = Kind.values()[row.getInt(column++)];
        boolean isPrivate = row.getBoolean(column++);
        long retry = row.getLong(column++);
        OptionalLong retryMillis = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(retry);
        Optional<EventId> id = Optional.ofNullable(row.getString(column++)).map(EventId::new);
        List<Topic> own = topics(row.getString(column++));
        Optional<EventType> type = Optional.ofNullable(row.getString(column++)).map(EventType::new);
        return Optional.of(
                new SharedEvent(position, kind, id, own, isPrivate, type, retryMillis, row.getBytes(column)));
    }

    private List<Topic> topics(String text) {
        if (!text.equals(topicsText)) {
            topics = text.isEmpty() ? List.of() : text.lines().map(Topic::new).toList();
            topicsText = text;
        }
        return topics;
    }

    @Override
    public void close() throws SQLException {
        read.close();
        readOne.close();
        token.close();
    }
}
