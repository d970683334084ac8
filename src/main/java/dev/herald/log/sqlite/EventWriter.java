package dev.herald.log.sqlite;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.EventLogException;
import dev.herald.log.LogStorageFullException;
import dev.herald.log.Retention;
import dev.herald.log.local.BatchStore;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.OpenFiles;
import dev.herald.log.sqlite.files.Sql;

/**
 * Writer of the log: a batch of events is one transaction, which also removes the oldest events. Used
 * by the appender's thread only, except for {@link #horizon()} and {@link #writable()}.
 *
 * <p>A failed batch leaves no events. After a failed commit this is uncertain: the next transaction first removes all events
 * after the last acknowledged batch.
 */
final class EventWriter implements BatchStore, AutoCloseable {
    /** Events removed with a batch, in addition to twice its own number. */
    private static final int SPARE_REMOVALS = 64;

    private static final int REMOVALS_A_STEP = 1_000;
    private static final Logger LOG = Logger.getLogger(EventWriter.class);

    private final Connection connection;
    private final LogDirectory directory;
    private final CorruptionReport damage;
    private final OpenFiles files;
    private final HeadFile headFile;
    private final RetentionTrimmer trimmer;
    private final SpaceReclaimer reclaimer;
    private final RetryingStatement insert;
    private final RetryingStatement insertAlternate;

    private long head;
    private boolean doubtful;
    private volatile boolean writable = true;

    /**
     * @param headFile of the generation that runs; is closed with this
     * @param head position of the newest event
     */
    EventWriter(
            Connection connection,
            LogDirectory directory,
            Retention retention,
            CorruptionReport damage,
            HeadFile headFile,
            long head,
            Clock clock)
            throws SQLException {
        this.connection = connection;
        this.directory = directory;
        this.damage = damage;
        this.files = new OpenFiles(directory);
        this.headFile = headFile;
        this.head = head;
        this.trimmer = new RetentionTrimmer(connection, retention, damage, clock);
        this.reclaimer = new SpaceReclaimer(connection, directory);
        this.insert = new RetryingStatement(connection, EventRow.INSERT);
        this.insertAlternate =
                new RetryingStatement(connection, "INSERT OR IGNORE INTO alternate (topic, position) VALUES (?, ?)");
    }

    /** {@link dev.herald.log.EventLog#horizon}. */
    long horizon() {
        return trimmer.horizon();
    }

    /** Whether the last write succeeded. */
    boolean writable() {
        return writable;
    }

    @Override
    public void store(List<Event> events) {
        Event newest = events.get(events.size() - 1);
        try {
            write(newest.position(), () -> {
                long previous = head;
                long bytes = trimmer.end();
                for (Event event : events) {
                    insert(event, previous, bytes);
                    previous = event.position();
                    bytes += event.size();
                }
                trimmer.trim(events.size(), bytes, 2 * events.size() + SPARE_REMOVALS);
            });
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Runs an empty transaction, so that the first update loads nothing that writing needs (decision 130). */
    void prepare() {
        try {
            write(() -> {});
        } catch (SQLException e) {
            LOG.debugf(e, "The log cannot be written yet. file=%s", directory.database());
        }
    }

    private void insert(Event event, long previous, long bytesBefore) throws SQLException {
        insert.use(row -> {
            EventRow.bind(row, event, previous, bytesBefore);
            return row.executeUpdate();
        });
        for (Topic alternate : event.topics().subList(1, event.topics().size())) {
            insertAlternate.update(EventRow.hash(alternate), event.position());
        }
    }

    @Override
    public boolean maintain() {
        try {
            files.requireInPlace();
            if (!writable) {
                return recover();
            }
            boolean more = false;
            if (trimmer.tooLong()) {
                write(() -> trimmer.trim(0, trimmer.end(), REMOVALS_A_STEP));
                more = trimmer.tooLong();
            }
            return reclaimer.step() || more;
        } catch (SQLException e) {
            failure(e);
            return false;
        }
    }

    /** Tries a write: while the log is not ready, no update arrives that would try one. */
    private boolean recover() throws SQLException {
        write(() -> Sql.execute(
                connection, "INSERT OR REPLACE INTO log (name, value) VALUES ('trial', randomblob(65536))"));
        write(() -> Sql.execute(connection, "DELETE FROM log WHERE name = 'trial'"));
        return true;
    }

    private void write(Step step) throws SQLException {
        write(head, step);
    }

    /**
     * One transaction, all or nothing.
     *
     * @param newHead position of the newest event after it
     */
    private void write(long newHead, Step step) throws SQLException {
        if (doubtful) {
            rollBack();
        }
        try {
            Sql.execute(connection, "BEGIN IMMEDIATE");
            if (doubtful) {
                trimmer.cut(head);
            }
            step.run();
            Sql.execute(connection, "COMMIT");
            // Before the answers: writes to a deleted file are lost.
            files.requireUnchanged();
            recordHead(newHead);
        } catch (SQLException | RuntimeException | Error e) {
            doubtful = true;
            trimmer.undo();
            rollBack();
            throw e;
        }
        doubtful = false;
        head = newHead;
        trimmer.done();
        if (!writable) {
            writable = true;
            LOG.infof("The log accepts updates again. file=%s", directory.database());
        }
    }

    /** Records the head before the answers, so that the next start detects missing events. */
    private void recordHead(long newHead) throws SQLException {
        if (newHead == head) {
            return;
        }
        try {
            headFile.write(newHead);
        } catch (IOException e) {
            throw new SQLException("'" + directory.head() + "' cannot be written: " + e.getMessage(), e);
        }
    }

    private void rollBack() {
        try {
            Sql.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // SQLite rolls some failures back by itself; if this one was not, it is tried again before the next BEGIN.
            LOG.debug("The transaction was not rolled back.", e);
        }
    }

    private EventLogException failure(SQLException e) {
        EventLogException reason = reason(e);
        if (writable) {
            writable = false;
            LOG.errorf(e, "The log rejects updates. %s file=%s", reason.getMessage(), directory.database());
        }
        return reason;
    }

    private EventLogException reason(SQLException e) {
        if (Sql.full(e)) {
            return new LogStorageFullException(
                    "There is no space left for the log in '" + directory
                            + "'. The log resumes by itself when there is.",
                    e);
        }
        if (Sql.damaged(e)) {
            damage.report(e);
            return new EventLogException(
                    "The log in '" + directory + "' is damaged. Restart the hub to recover what is readable.", e);
        }
        return new EventLogException("The log in '" + directory + "' cannot be written: " + e.getMessage(), e);
    }

    /** Moves the write-ahead log into the database file, and closes. Idempotent. */
    @Override
    public void close() throws SQLException {
        if (connection.isClosed()) {
            return;
        }
        try (connection) {
            if (doubtful) {
                write(() -> {});
            }
            new GenerationTable(connection).end();
        } finally {
            closeHead();
        }
    }

    private void closeHead() {
        try {
            headFile.close();
        } catch (IOException e) {
            LOG.debug("The head file was not closed.", e);
        }
    }

    /** Statements of a transaction. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }
}
