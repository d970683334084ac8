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
 * The one connection that writes: a batch of events is one transaction, and the oldest events leave in the same one. Used
 * by the appender's thread only, but for {@link #horizon()} and {@link #writable()}.
 *
 * <p>A batch that failed has left nothing. If that is in doubt, since the failure came with the commit, the next
 * transaction begins with taking away whatever stands behind the last batch that was answered.
 */
final class EventWriter implements BatchStore, AutoCloseable {
    /** How many events leave with a batch besides as many as came. */
    private static final int SPARE_REMOVALS = 64;

    private static final int REMOVALS_A_STEP = 1_000;
    private static final Logger LOG = Logger.getLogger(EventWriter.class);

    private final Connection connection;
    private final LogDirectory directory;
    private final CorruptionReport damage;
    private final OpenFiles files;
    private final HeadFile headFile;
    private final RetentionTrimmer tail;
    private final SpaceReclaimer shrinking;
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
        this.tail = new RetentionTrimmer(connection, retention, damage, clock);
        this.shrinking = new SpaceReclaimer(connection, directory);
        this.insert = new RetryingStatement(connection, EventRow.INSERT);
        this.insertAlternate =
                new RetryingStatement(connection, "INSERT OR IGNORE INTO alternate (topic, position) VALUES (?, ?)");
    }

    /** {@link dev.herald.log.EventLog#horizon}. */
    long horizon() {
        return tail.horizon();
    }

    /** Whether the last that was written could be written. */
    boolean writable() {
        return writable;
    }

    @Override
    public void keep(List<Event> events) {
        Event newest = events.get(events.size() - 1);
        try {
            write(newest.position(), () -> {
                long previous = head;
                long bytes = tail.end();
                for (Event event : events) {
                    insert(event, previous, bytes);
                    previous = event.position();
                    bytes += event.size();
                }
                tail.trim(events.size(), bytes, 2 * events.size() + SPARE_REMOVALS);
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
    public boolean tidy() {
        try {
            files.requireInPlace();
            if (!writable) {
                return recover();
            }
            boolean more = false;
            if (tail.tooLong()) {
                write(() -> tail.trim(0, tail.end(), REMOVALS_A_STEP));
                more = tail.tooLong();
            }
            return shrinking.step() || more;
        } catch (SQLException e) {
            failure(e);
            return false;
        }
    }

    /** Tries whether something can be written again: if nobody publishes, since the log is not ready, nothing else would. */
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
                tail.cut(head);
            }
            step.run();
            Sql.execute(connection, "COMMIT");
            // Before anybody is answered: what a deleted file has taken is lost.
            files.requireUnchanged();
            recordHead(newHead);
        } catch (SQLException | RuntimeException | Error e) {
            doubtful = true;
            tail.undo();
            rollBack();
            throw e;
        }
        doubtful = false;
        head = newHead;
        tail.done();
        if (!writable) {
            writable = true;
            LOG.infof("The log accepts updates again. file=%s", directory.database());
        }
    }

    /** Before the answers, so that the next start misses what is not there. */
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
            damage.structure(e);
            return new EventLogException(
                    "The log in '" + directory + "' is damaged. Restart the hub to recover what is readable.", e);
        }
        return new EventLogException("The log in '" + directory + "' cannot be written: " + e.getMessage(), e);
    }

    /** Brings everything into the database file, and ends. Idempotent. */
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

    /** What is done in a transaction. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }
}
