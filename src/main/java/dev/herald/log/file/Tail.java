package dev.herald.log.file;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import dev.herald.log.Retention;

/**
 * The old end of the log, which retention shortens. What it keeps of the oldest event is enough to tell, without a
 * look at the disk, whether a bound is exceeded: each event carries the sum of the bytes of all before it, so the sum
 * that is kept is a difference. Used by the appender's thread only, but for {@link #horizon()}, and inside of its
 * transactions: what one of them changed counts once it is {@link #done()}.
 */
final class Tail {
    private final Connection connection;
    private final Damage damage;
    private final Prepared oldest;
    private final Prepared remove;
    private final Prepared removeAlternates;
    private final Prepared removeAfter;
    private final Prepared removeAlternatesAfter;
    private final Retention retention;
    private final Holes holes;
    private final Clock clock;

    private boolean stuck;
    private State state;
    private State next;
    private volatile long horizon;

    Tail(Connection connection, Retention retention, Holes holes, Damage damage, Clock clock) throws SQLException {
        this.connection = connection;
        this.damage = damage;
        this.oldest = new Prepared(
                connection,
                "SELECT position, accepted, bytes_before FROM event" + " WHERE position > ? ORDER BY position LIMIT ?");
        this.remove = new Prepared(connection, "DELETE FROM event WHERE position <= ?");
        this.removeAlternates = new Prepared(connection, "DELETE FROM alternate WHERE position <= ?");
        this.removeAfter = new Prepared(connection, "DELETE FROM event WHERE position > ?");
        this.removeAlternatesAfter = new Prepared(connection, "DELETE FROM alternate WHERE position > ?");
        this.retention = retention;
        this.holes = holes;
        this.clock = clock;
        this.state = new State(oldestAfter(0), end(connection));
        this.next = state;
        this.horizon = horizon(state);
    }

    private static long end(Connection connection) throws SQLException {
        long[] end = {0};
        new EventTable(connection).downwards((position, newest) -> {
            end[0] = newest.map(event -> event.bytesBefore() + event.event().size())
                    .orElse(0L);
            return false;
        });
        return end[0];
    }

    private Oldest oldestAfter(long position) throws SQLException {
        List<Oldest> found = oldestAfter(position, 1, event -> false);
        return found.isEmpty() ? Oldest.NONE : found.get(0);
    }

    /** What stands after a position, so many at most, up to and with the first that does not leave. */
    private List<Oldest> oldestAfter(long position, int limit, Predicate<Oldest> leaves) throws SQLException {
        return oldest.use(select -> {
            select.setLong(1, position);
            select.setInt(2, limit);
            List<Oldest> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                boolean more = true;
                while (more && row.next()) {
                    Oldest next = Oldest.of(row);
                    found.add(next);
                    more = leaves.test(next);
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
    boolean tooLong(long head) {
        return exceeds(state.oldest, head, state.end);
    }

    /**
     * Removes what retention does not keep, so many events at most.
     *
     * @param head position of the newest event
     * @param end the sum of bytes up to and with it
     */
    void trim(long head, long end, int limit) throws SQLException {
        Oldest first = state.oldest == Oldest.NONE ? oldestAfter(0) : state.oldest;
        next = new State(first, end);
        if (!exceeds(first, head, end)) {
            return;
        }
        Sql.execute(connection, "SAVEPOINT trim");
        try {
            next = new State(removed(first, head, end, limit), end);
        } catch (SQLException e) {
            if (!Sql.damaged(e)) {
                throw e;
            }
            // Publishing goes on, and nothing leaves any more until the file is sound again.
            damage.structure(e);
            stuck = true;
            Sql.execute(connection, "ROLLBACK TO trim");
        }
        Sql.execute(connection, "RELEASE trim");
    }

    private Oldest removed(Oldest first, long head, long end, int limit) throws SQLException {
        long cut = 0;
        int removed = 0;
        List<Oldest> candidates = oldestAfter(first.position - 1, limit + 1, event -> exceeds(event, head, end));
        while (removed < Math.min(limit, candidates.size()) && exceeds(candidates.get(removed), head, end)) {
            cut = candidates.get(removed++).position;
        }
        remove.update(cut);
        removeAlternates.update(cut);
        return removed < candidates.size() ? candidates.get(removed) : Oldest.NONE;
    }

    private boolean exceeds(Oldest event, long head, long end) {
        if (stuck || event == Oldest.NONE || event.position >= head) {
            return false;
        }
        long kept = head - event.position + 1 - holes.count(event.position, head);
        return kept > retention.maxEvents()
                || end - event.bytesBefore > retention.maxBytes()
                || retention
                        .maxAge()
                        .map(age ->
                                event.accepted < EventRow.nanos(clock.instant().minus(age)))
                        .orElse(false);
    }

    /** Takes away what stands behind the newest event that was answered. */
    void cut(long head) throws SQLException {
        removeAfter.update(head);
        removeAlternatesAfter.update(head);
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
        return Math.max(0, state.oldest.position - 1);
    }

    private record State(Oldest oldest, long end) {}

    private record Oldest(long position, long accepted, long bytesBefore) {
        static final Oldest NONE = new Oldest(0, 0, 0);

        static Oldest of(ResultSet row) throws SQLException {
            return new Oldest(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }
}
