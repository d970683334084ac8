package dev.herald.log.sqlite;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

import org.jboss.logging.Logger;

import dev.herald.log.EventLogException;
import dev.herald.log.LogStorageFullException;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.OpenFiles;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyRetention;
import dev.herald.logging.WarningInterval;

/**
 * Transactions of the writing connection, one after the other, and what their failures mean. Each is stored as a whole
 * or not at all, and recorded in the head file before its updates are acknowledged. Used by the appender's thread only,
 * except for {@link #writable()}.
 *
 * <p>After a failed commit it is uncertain whether the transaction was stored: the next one first removes all events and
 * keys after the last acknowledged batch.
 */
final class WriteTransactions implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WriteTransactions.class);

    private final Connection connection;
    private final LogDirectory directory;
    private final CorruptionReport damage;
    private final OpenFiles files;
    private final HeadFile headFile;
    private final RetentionTrimmer trimmer;
    private final KeyRetention keys;

    /** A nearly full disk takes some batches and not others, and each line would have a stack. */
    private final WarningInterval reports = new WarningInterval();

    private long head;
    private boolean uncertain;
    private volatile boolean writable = true;
    /** Whether the newest line in the log says that updates are rejected. */
    private boolean reported;

    /**
     * @param headFile head file of the running generation; closed with this
     * @param head position of the newest event
     * @param trimmer learns of commits and rollbacks, as {@code keys} does
     */
    WriteTransactions(
            Connection connection,
            LogDirectory directory,
            CorruptionReport damage,
            HeadFile headFile,
            long head,
            RetentionTrimmer trimmer,
            KeyRetention keys)
            throws SQLException {
        this.connection = connection;
        this.directory = directory;
        this.damage = damage;
        this.files = new OpenFiles(directory);
        this.headFile = headFile;
        this.head = head;
        this.trimmer = trimmer;
        this.keys = keys;
    }

    /** Position of the newest acknowledged event. */
    long head() {
        return head;
    }

    /** Whether the last transaction succeeded. */
    boolean writable() {
        return writable;
    }

    /**
     * Verifies that the files of the log are where they were opened.
     *
     * @throws SQLException if they are not
     */
    void requireFilesInPlace() throws SQLException {
        files.requireInPlace();
    }

    /** Runs a transaction without new events. */
    void run(Body body) throws SQLException {
        run(head, body);
    }

    /**
     * Runs a transaction, all or nothing.
     *
     * @param newHead position of the newest event after it
     */
    void run(long newHead, Body body) throws SQLException {
        if (uncertain) {
            rollBack();
        }
        try {
            Sql.execute(connection, "BEGIN IMMEDIATE");
            if (uncertain) {
                trimmer.removeEventsAfter(head);
                keys.removeAfter(head);
            }
            body.run();
            Sql.execute(connection, "COMMIT");
            // Before updates are acknowledged: writes to a deleted file are lost.
            files.requireUnchanged();
            recordHead(newHead);
        } catch (SQLException | RuntimeException | Error e) {
            uncertain = true;
            trimmer.rolledBack();
            keys.rolledBack();
            rollBack();
            throw e;
        }
        uncertain = false;
        head = newHead;
        trimmer.committed();
        keys.committed();
        writable = true;
        if (reported) {
            reported = false;
            LOG.infof("The log accepts updates again. file=%s", directory.database());
        }
    }

    /** Records the head before updates are acknowledged, so that the next start detects missing events. */
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

    /** Rejects updates after a failed transaction, until one succeeds. Returns what their publishers are told. */
    EventLogException failure(SQLException e) {
        EventLogException reason = reason(e);
        writable = false;
        if (!reported && reports.elapsed()) {
            reported = true;
            LOG.errorf(e, "The log rejects updates. %s file=%s", reason.getMessage(), directory.database());
        }
        return reason;
    }

    /** What a failed statement means for those who wait for it. */
    EventLogException reason(SQLException e) {
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

    /** Checkpoints the write-ahead log and closes. Idempotent. */
    @Override
    public void close() throws SQLException {
        if (connection.isClosed()) {
            return;
        }
        try (connection) {
            if (uncertain) {
                run(() -> {});
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

    /** Body of a transaction. */
    @FunctionalInterface
    interface Body {
        void run() throws SQLException;
    }
}
