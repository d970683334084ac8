package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.Sql;

/**
 * Retention: removes the oldest events beyond the bounds. The facts it caches about the oldest event are enough to
 * decide without reading the disk whether a bound is exceeded: each event carries the sum of the bytes of all before it, so the sum
 * that is kept is a difference. Used by the appender's thread only, except for {@link #horizon()}, and inside of its
 * transactions: what one of them changed counts once it is {@link #done()}.
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

    private boolean stuck;
    private State state;
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
        this.state = found();
        this.next = state;
        this.horizon = horizon(state);
    }

    /** State read from the table. */
    private State found() throws SQLException {
        long[] end = {0};
        new EventTable(connection).downwards((position, newest) -> {
            end[0] = newest.map(event -> event.bytesBefore() + event.event().size())
                    .orElse(0L);
            return false;
        });
        return new State(oldest(), end[0], count());
    }

    /** Costs a walk through the smallest index: some 10 ms for a million events. */
    private long count() throws SQLException {
        try {
            return Sql.number(connection, "SELECT count(*) FROM event");
        } catch (SQLException e) {
            stuckBy(e);
            return 0;
        }
    }

    /** Stops retention until the file is rescued. Publishing continues. */
    private void stuckBy(SQLException e) throws SQLException {
        damage.reportOrRethrow(e);
        stuck = true;
    }

    private Oldest oldest() throws SQLException {
        List<Oldest> found = leaving(0, 0, 0, 1);
        return found.isEmpty() ? Oldest.NONE : found.get(0);
    }

    /** Events to remove from a position on, up to a limit, and the first that stays. */
    private List<Oldest> leaving(long position, long count, long end, int limit) throws SQLException {
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

    /** Sum of the sizes of all events from the log's beginning, gone ones included, in bytes. */
    long end() {
        return state.end;
    }

    /** {@link dev.herald.log.EventLog#horizon}. */
    long horizon() {
        return horizon;
    }

    /** Whether a bound is exceeded. */
    boolean tooLong() {
        return exceeds(state.oldest, state.count, state.end);
    }

    /**
     * Removes what retention does not keep.
     *
     * @param added how many events the transaction has added
     * @param end the sum of bytes up to and with them
     * @param limit how many events to remove at most
     */
    void trim(int added, long end, int limit) throws SQLException {
        Oldest first = state.oldest == Oldest.NONE ? oldest() : state.oldest;
        next = new State(first, end, state.count + added);
        if (!exceeds(first, next.count, end)) {
            return;
        }
        Sql.execute(connection, "SAVEPOINT trim");
        try {
            next = trimmed(next, limit);
        } catch (SQLException e) {
            stuckBy(e);
            Sql.execute(connection, "ROLLBACK TO trim");
        }
        Sql.execute(connection, "RELEASE trim");
    }

    private State trimmed(State untrimmed, int limit) throws SQLException {
        List<Oldest> found = leaving(untrimmed.oldest.position, untrimmed.count, untrimmed.end, limit + 1);
        if (found.isEmpty()) {
            return untrimmed;
        }
        Oldest stays = found.get(found.size() - 1);
        remove.update(stays.position - 1);
        removeAlternates.update(stays.position - 1);
        return new State(stays, untrimmed.end, untrimmed.count - found.size() + 1);
    }

    private boolean exceeds(Oldest event, long count, long end) {
        if (stuck || event == Oldest.NONE || count <= 1) {
            return false;
        }
        return count > retention.maxEvents()
                || end - event.bytesBefore > retention.maxBytes()
                || retention
                        .maxAge()
                        .map(age ->
                                event.accepted < EventRow.nanos(clock.instant().minus(age)))
                        .orElse(false);
    }

    /** Removes all events after the newest acknowledged one, and recounts. */
    void cut(long head) throws SQLException {
        removeAfter.update(head);
        removeAlternatesAfter.update(head);
        state = found();
        next = state;
    }

    /** The transaction is committed. */
    void done() {
        state = next;
        horizon = horizon(state);
    }

    /** The transaction is rolled back. */
    void undo() {
        next = state;
    }

    private static long horizon(State state) {
        return state.oldest.previous;
    }

    /**
     * @param end sum of the sizes of all events from the log's beginning, in bytes
     * @param count how many events are kept
     */
    private record State(Oldest oldest, long end, long count) {}

    private record Oldest(long position, long previous, long accepted, long bytesBefore) {
        static final Oldest NONE = new Oldest(0, 0, 0, 0);

        static Oldest of(ResultSet row) throws SQLException {
            return new Oldest(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }
}
