package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.herald.log.LogStats;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.columns.StoredTime;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Trimmer of the log: removes the oldest events beyond the retention limits. It decides by cached facts about the
 * oldest event, without reading the disk. Each event carries the sum of the bytes of all events before it, so the size
 * of the kept events is a difference. Used by the appender's thread only, except for {@link #horizon()} and {@link
 * #kept()}, and within its transactions: a change takes effect at {@link #committed()}.
 */
final class RetentionTrimmer {
    private final Connection connection;
    private final CorruptionReport damage;
    private final RetryingStatement oldest;
    private final RetryingStatement remove;
    private final RetryingStatement removeAlternates;
    private final RetryingStatement removeAfter;
    private final RetryingStatement removeAlternatesAfter;
    private final Retention retention;
    private final Clock clock;

    private boolean suspended;
    private volatile State state;
    private State next;
    private volatile long horizon;

    RetentionTrimmer(Connection connection, Retention retention, CorruptionReport damage, Clock clock)
            throws SQLException {
        this.connection = connection;
        this.damage = damage;
        this.oldest = new RetryingStatement(
                connection,
                "SELECT position, coalesce(previous, position - 1), accepted, bytes_before FROM event"
                        + " WHERE position >= ? ORDER BY position LIMIT ?");
        this.remove = new RetryingStatement(connection, "DELETE FROM event WHERE position <= ?");
        this.removeAlternates = new RetryingStatement(connection, "DELETE FROM alternate WHERE position <= ?");
        this.removeAfter = new RetryingStatement(connection, "DELETE FROM event WHERE position > ?");
        this.removeAlternatesAfter = new RetryingStatement(connection, "DELETE FROM alternate WHERE position > ?");
        this.retention = retention;
        this.clock = clock;
        this.state = readState();
        this.next = state;
        this.horizon = horizon(state);
    }

    /** State read from the table. */
    private State readState() throws SQLException {
        long[] end = {0};
        new EventTable(connection).descending((position, newest) -> {
            end[0] = newest.map(event -> event.bytesBefore() + size(event)).orElse(0L);
            return false;
        });
        return new State(oldest(), end[0], count());
    }

    private static long size(StoredEvent event) {
        return event.isPurged() ? 0 : event.event().size();
    }

    /** Scans the smallest index: some 10 ms for a million events. */
    private long count() throws SQLException {
        try {
            return Sql.number(connection, "SELECT count(*) FROM event");
        } catch (SQLException e) {
            suspendAfter(e);
            return 0;
        }
    }

    /** Stops retention until the file is rescued. Publishing continues. */
    private void suspendAfter(SQLException e) throws SQLException {
        damage.reportOrRethrow(e);
        suspended = true;
    }

    private Oldest oldest() throws SQLException {
        List<Oldest> found = eventsToRemove(0, 0, 0, 1);
        return found.isEmpty() ? Oldest.noneAfter(0) : found.get(0);
    }

    /** Events to remove from a position on, up to a limit, and the first that is kept. */
    private List<Oldest> eventsToRemove(long position, long count, long end, int limit) throws SQLException {
        return oldest.use(select -> {
            select.setLong(1, position);
            select.setInt(2, limit);
            List<Oldest> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                boolean more = true;
                while (more && row.next()) {
                    Oldest next = Oldest.of(row);
                    more = exceeds(next, count - found.size(), end);
                    found.add(next);
                }
            }
            return found;
        });
    }

    /** Sum of the sizes of all events from the log's beginning, removed ones included, in bytes. */
    long end() {
        return state.end;
    }

    /** {@link dev.herald.log.EventLog#horizon}. */
    long horizon() {
        return horizon;
    }

    /** The kept events. Thread-safe. */
    LogStats.Kept kept() {
        State now = state;
        return now.oldest.isNone()
                ? LogStats.Kept.NONE
                : new LogStats.Kept(
                        now.count,
                        now.end - now.oldest.bytesBefore,
                        0,
                        Optional.of(StoredTime.instant(now.oldest.accepted)));
    }

    /** Whether a retention limit is exceeded. */
    boolean exceedsLimits() {
        return exceeds(state.oldest, state.count, state.end);
    }

    /**
     * Removes the events beyond the retention limits.
     *
     * @param added number of events that the transaction has added
     * @param end sum of the sizes of all events, these included, in bytes
     * @param limit maximum events to remove
     */
    void trim(int added, long end, int limit) throws SQLException {
        Oldest first = state.oldest.isNone() ? oldest() : state.oldest;
        next = new State(first, end, state.count + added);
        if (!exceeds(first, next.count, end)) {
            return;
        }
        Sql.execute(connection, "SAVEPOINT trim");
        try {
            next = trimmed(next, limit);
        } catch (SQLException e) {
            suspendAfter(e);
            Sql.execute(connection, "ROLLBACK TO trim");
        }
        Sql.execute(connection, "RELEASE trim");
    }

    private State trimmed(State untrimmed, int limit) throws SQLException {
        List<Oldest> found = eventsToRemove(untrimmed.oldest.position, untrimmed.count, untrimmed.end, limit + 1);
        if (found.isEmpty()) {
            return untrimmed;
        }
        Oldest stays = found.get(found.size() - 1);
        remove.update(stays.position - 1);
        removeAlternates.update(stays.position - 1);
        return new State(stays, untrimmed.end, untrimmed.count - found.size() + 1);
    }

    private boolean exceeds(Oldest event, long count, long end) {
        if (suspended || event.isNone() || count <= 1) {
            return false;
        }
        return count > retention.maxEvents()
                || end - event.bytesBefore > retention.maxBytes()
                || retention
                        .maxAge()
                        .map(age -> event.accepted
                                < StoredTime.nanos(clock.instant().minus(age)))
                        .orElse(false);
    }

    /** Removes all events: the log continues after a position, which becomes the horizon. */
    void restartAfter(long position) throws SQLException {
        removeAfter.update(0);
        removeAlternatesAfter.update(0);
        next = new State(Oldest.noneAfter(position), 0, 0);
    }

    /** Removes all events after the newest acknowledged one, and recounts. */
    void removeEventsAfter(long head) throws SQLException {
        removeAfter.update(head);
        removeAlternatesAfter.update(head);
        state = readState();
        next = state;
    }

    /** Call after the commit: the new state takes effect. */
    void committed() {
        state = next;
        horizon = horizon(state);
    }

    /** Call after a rollback: discards the new state. */
    void rolledBack() {
        next = state;
    }

    private static long horizon(State state) {
        return state.oldest.previous;
    }

    /**
     * Cached facts about the table.
     *
     * @param end sum of the sizes of all events from the log's beginning, in bytes
     * @param count number of kept events
     */
    private record State(Oldest oldest, long end, long count) {}

    /** Cached facts about the oldest event. */
    private record Oldest(long position, long previous, long accepted, long bytesBefore) {
        /** What stands for it in a log without events. */
        static Oldest noneAfter(long position) {
            return new Oldest(0, position, 0, 0);
        }

        boolean isNone() {
            return position == 0;
        }

        static Oldest of(ResultSet row) throws SQLException {
            return new Oldest(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }
}
