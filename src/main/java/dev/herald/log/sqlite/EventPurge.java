package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.local.LogTask;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.rows.EventRow;
import dev.herald.log.sqlite.rows.NameHash;
import dev.herald.log.sqlite.rows.PurgedRow;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Purge of events: replaces their rows by placeholders, which retention removes at their time, and erases what is left
 * of them in the files. A step is one transaction. Used by the appender's thread (decision 231).
 */
final class EventPurge implements LogTask<Purged> {
    /** Name of the value with the highest position of a placeholder. */
    private static final String THROUGH = "purged";

    /** Name of the value that each step changes, so that a backup notices. */
    private static final String STEPS = "purges";

    private static final int EVENTS_A_STEP = 200;

    /** A step ends after the event that reaches this sum of topics and data: updates wait meanwhile. */
    private static final long BYTES_A_STEP = 4L << 20;

    /** Attempts to empty the write-ahead log, each in a step of its own: a page is read within milliseconds. */
    private static final int ATTEMPTS = 20;

    private static final String BY_ID =
            "SELECT position FROM event WHERE id = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?";

    /** Both parts are in the order of their index. */
    private static final String BY_TOPIC = "SELECT position FROM event INDEXED BY event_topic"
            + " WHERE topic = ?1 AND position > ?2 AND position <= ?3"
            + " UNION SELECT position FROM alternate WHERE topic = ?1 AND position > ?2 AND position <= ?3"
            + " ORDER BY position LIMIT ?4";

    /** Sizes are in the header of a row: the pages of its data are not read. */
    private static final String SELECT =
            "SELECT " + PurgedRow.COLUMNS + ", length(topics) + length(data) FROM event WHERE position = ?";

    private static final int BYTES = 8;

    private final Eraser eraser;
    private final Connection connection;
    private final Purge purge;
    private final RecentEvents recent;
    private long through = -1;
    private long reached;
    private long count;
    private boolean searched;
    private int attempts;

    EventPurge(Eraser eraser, Connection connection, Purge purge, RecentEvents recent) {
        this.eraser = eraser;
        this.connection = connection;
        this.purge = purge;
        this.recent = recent;
    }

    /** Port to the writer of the log. */
    interface Eraser {
        /**
         * Runs a transaction, after which nothing of the rows that it deletes is left in the database's pages.
         *
         * @throws dev.herald.log.EventLogException if it fails; then nothing has changed
         */
        void erase(Step step);

        /** Empties the write-ahead log. Returns whether it could: readers of old pages are in the way for a moment. */
        boolean emptyWriteAheadLog();
    }

    /** Body of a transaction. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    /** Highest position of a purged event, 0 without one. Retention may have passed it. */
    static long through(Connection connection) throws SQLException {
        return value(connection, THROUGH);
    }

    /** Value that is another one after events were purged. */
    static long steps(Connection connection) throws SQLException {
        return value(connection, STEPS);
    }

    private static long value(Connection connection, String name) throws SQLException {
        return Sql.number(connection, "SELECT value FROM log WHERE name = '" + name + "'");
    }

    /** Records the highest position of a purged event, within the transaction of the caller. */
    static void recordThrough(Connection connection, long position) throws SQLException {
        record(connection, THROUGH, Math.max(position, through(connection)));
    }

    private static void record(Connection connection, String name, long value) throws SQLException {
        Sql.execute(connection, "INSERT OR REPLACE INTO log (name, value) VALUES ('" + name + "', " + value + ")");
    }

    @Override
    public Optional<Purged> step() {
        through = through < 0 ? recent.head() : through;
        if (searched) {
            return end();
        }
        Batch[] next = {Batch.NONE};
        try {
            eraser.erase(() -> next[0] = purgeNext());
        } catch (RuntimeException | Error e) {
            forget();
            throw e;
        }
        count += next[0].events;
        reached = next[0].through;
        searched = reached == through;
        if (searched) {
            forget();
        }
        return Optional.empty();
    }

    /**
     * Removes the events of the committed steps from memory: what the recent events do not have must be gone from the log,
     * too. It costs a pass over all of them, so it is done once, before the answer.
     */
    private void forget() {
        if (count > 0 || searched) {
            recent.remove(event -> event.position() <= reached && purge.includes(event));
        }
    }

    private Optional<Purged> end() {
        boolean erased = eraser.emptyWriteAheadLog();
        return erased || ++attempts == ATTEMPTS ? Optional.of(new Purged(count, erased)) : Optional.empty();
    }

    private List<Long> positions() throws SQLException {
        boolean byId = purge instanceof Purge.OfId;
        try (PreparedStatement select = connection.prepareStatement(byId ? BY_ID : BY_TOPIC)) {
            if (purge instanceof Purge.OfId ofId) {
                EventRow.bindId(select, 1, ofId.id());
            } else if (purge instanceof Purge.OfTopic ofTopic) {
                select.setLong(1, NameHash.ofTopic(ofTopic.topic()));
            }
            select.setLong(2, reached);
            select.setLong(3, through);
            select.setInt(4, EVENTS_A_STEP);
            List<Long> positions = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
            return positions;
        }
    }

    /** Purges the next events. A hash in the index may be that of another topic. */
    private Batch purgeNext() throws SQLException {
        List<Long> positions = positions();
        List<StoredEvent> found = new ArrayList<>();
        long end = positions.size() < EVENTS_A_STEP ? through : positions.get(positions.size() - 1);
        long bytes = 0;
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            for (long position : positions) {
                select.setLong(1, position);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        bytes += row.getLong(BYTES);
                        PurgedRow.of(row, purge).ifPresent(found::add);
                    }
                }
                if (bytes >= BYTES_A_STEP) {
                    end = position;
                    break;
                }
            }
        }
        if (!found.isEmpty()) {
            replace(found);
            recordThrough(connection, found.get(found.size() - 1).position());
            record(connection, STEPS, steps(connection) + 1);
        }
        return new Batch(found.size(), end);
    }

    private void replace(List<StoredEvent> placeholders) throws SQLException {
        RetryingStatement replace = new RetryingStatement(connection, EventRow.REPLACE);
        RetryingStatement removeAlternates =
                new RetryingStatement(connection, "DELETE FROM alternate WHERE position = ?");
        try (replace;
                removeAlternates) {
            for (StoredEvent placeholder : placeholders) {
                PurgedRow.insert(replace, placeholder, placeholder.bytesBefore());
                removeAlternates.update(placeholder.position());
            }
        }
    }

    /**
     * Result of a step.
     *
     * @param events number of events that were purged
     * @param through position up to which the search is complete
     */
    private record Batch(long events, long through) {
        private static final Batch NONE = new Batch(0, 0);
    }
}
