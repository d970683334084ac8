package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Fingerprint;
import dev.herald.event.Topic;
import dev.herald.identity.Revocation;
import dev.herald.log.EventLogException;
import dev.herald.log.LogStats;
import dev.herald.log.LogStorageFullException;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.local.BatchStore;
import dev.herald.log.local.LogTask;
import dev.herald.log.local.StoredKey;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.OpenFiles;
import dev.herald.log.sqlite.files.RetryingStatement;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyRetention;
import dev.herald.logging.WarningInterval;

/**
 * Writer of the log: a batch of events is one transaction with their idempotency keys, which also removes the oldest
 * events. Used by the appender's thread only, except for {@link #horizon()}, {@link #kept()}, {@link #keys()},
 * {@link #hasPurged()} and
 * {@link #writable()}.
 *
 * <p>A failed batch leaves no events. After a failed commit this is uncertain: the next transaction first removes all
 * events after the last acknowledged batch.
 */
final class EventWriter implements BatchStore, AutoCloseable {
    /** Events removed with a batch, in addition to twice its own number. */
    private static final int SPARE_REMOVALS = 64;

    private static final int REMOVALS_A_STEP = 1_000;

    /** Size of a trial after a failure, beyond that of the failed batch, in bytes. */
    private static final long TRIAL_BYTES = 64 << 10;

    private static final long LARGEST_TRIAL_BYTES = 16 << 20;

    /** Longest wait for readers of old pages, during which no updates are stored. */
    private static final int CHECKPOINT_MILLIS = 10;

    private static final Logger LOG = Logger.getLogger(EventWriter.class);

    private final Connection connection;
    private final LogDirectory directory;
    private final CorruptionReport damage;
    private final OpenFiles files;
    private final HeadFile headFile;
    private final RetentionTrimmer trimmer;
    private final KeyRetention keys;
    private final SpaceReclaimer reclaimer;
    private final RetryingStatement insert;
    private final RetryingStatement insertAlternate;
    private final RevocationTable revocations;
    private final Clock clock;

    /** A nearly full disk takes some batches and not others, and each line would have a stack. */
    private final WarningInterval reports = new WarningInterval();

    private long head;
    private Instant firstEnd;
    private boolean uncertain;
    /** Size of the batch that failed last, 0 if the last one was stored. */
    private long failedBytes;

    private volatile long purgedThrough;
    private volatile boolean writable = true;
    /** Whether the newest line in the log says that updates are rejected. */
    private boolean reported;

    /**
     * @param headFile head file of the running generation; closed with this writer
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
        this.keys = new KeyRetention(connection, retention.keys(), clock, damage::reportOrRethrow);
        this.reclaimer = new SpaceReclaimer(connection, directory);
        this.insert = new RetryingStatement(connection, EventRow.INSERT);
        this.insertAlternate = new RetryingStatement(connection, EventRow.INSERT_ALTERNATE);
        this.revocations = new RevocationTable(connection);
        this.clock = clock;
        this.firstEnd = revocations.firstEnd();
        this.purgedThrough = EventPurge.through(connection);
    }

    /** {@link dev.herald.log.EventLog#horizon}. */
    long horizon() {
        return trimmer.horizon();
    }

    /** The kept events. Thread-safe. */
    LogStats.Kept kept() {
        return trimmer.kept();
    }

    /** The idempotency keys. Thread-safe. */
    LogStats.Keys keys() {
        return keys.stats();
    }

    /** Logs what the log holds, before the appender's thread begins. */
    void logContents(long generation) throws IOException {
        LOG.infof(
                "The log is open. directory=%s events=%d bytes=%d fileBytes=%d generation=%d",
                directory,
                trimmer.kept().events(),
                trimmer.kept().bytes(),
                Files.size(directory.database()),
                generation);
    }

    /** Whether the last write succeeded. */
    boolean writable() {
        return writable;
    }

    @Override
    public void store(List<Event> events, List<StoredKey> added) {
        Event newest = events.get(events.size() - 1);
        try {
            write(newest.position(), () -> {
                long previous = head;
                long bytes = trimmer.end();
                Map<Topic, Long> hashes = new HashMap<>();
                for (Event event : events) {
                    EventRow.insert(
                            insert,
                            insertAlternate,
                            event,
                            previous,
                            bytes,
                            topic -> hashes.computeIfAbsent(topic, EventRow::hash));
                    previous = event.position();
                    if (event.isPurged()) {
                        EventPurge.recordThrough(connection, previous);
                        purgedThrough = previous;
                    } else {
                        bytes += event.size();
                    }
                }
                trimmer.trim(events.size(), bytes, 2 * events.size() + SPARE_REMOVALS);
                keys.add(added);
                keys.trim(2 * added.size() + SPARE_REMOVALS);
            });
            failedBytes = 0;
        } catch (SQLException e) {
            failedBytes = events.stream().mapToLong(Event::size).sum();
            throw failure(e);
        }
    }

    @Override
    public Optional<StoredKey> findKey(Fingerprint name) {
        try {
            // After an uncertain commit, the next transaction removes those after the head.
            return keys.find(name).filter(key -> key.position() <= head);
        } catch (SQLException e) {
            throw reason(e);
        }
    }

    @Override
    public long roomForKeys() {
        return keys.room();
    }

    @Override
    public Duration untilRoomForKeys() {
        return keys.untilRoom();
    }

    /** Whether there are purged events that retention has not passed. Thread-safe. */
    boolean hasPurged() {
        return purgedThrough > trimmer.horizon();
    }

    /** Deletes all events and continues after a position: what was kept up to it is gone for readers, who get a gap. */
    void restartAfter(long position) {
        try {
            write(position, () -> trimmer.removeEventsAfter(0));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Deletes events, in steps of the returned task. */
    LogTask<Purged> purge(Purge purge, RecentEvents recent) {
        return new EventPurge(new PurgeEraser(), connection, purge, recent);
    }

    /** Port of a purge to this writer. */
    private final class PurgeEraser implements EventPurge.Eraser {
        @Override
        public void erase(EventPurge.Step step) {
            try {
                Sql.pragma(connection, "secure_delete = ON");
                // Before the commit: a lookup that no longer finds the event must look for its placeholder.
                purgedThrough = head;
                try {
                    write(step::run);
                } finally {
                    Sql.pragma(connection, "secure_delete = FAST");
                }
                purgedThrough = EventPurge.through(connection);
            } catch (SQLException e) {
                throw failure(e);
            }
        }

        @Override
        public boolean emptyWriteAheadLog() {
            try {
                long timeout = Sql.number(connection, "PRAGMA busy_timeout");
                Sql.pragma(connection, "busy_timeout = " + CHECKPOINT_MILLIS);
                try {
                    return Sql.number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
                } finally {
                    Sql.pragma(connection, "busy_timeout = " + timeout);
                }
            } catch (SQLException e) {
                LOG.warnf(e, "The write-ahead log could not be emptied. file=%s", directory.database());
                return false;
            }
        }
    }

    /** Stores a revocation; removes those that have ended. */
    Optional<Boolean> keep(Revocation revocation) {
        return changeRevocations(() -> revocations.put(revocation));
    }

    Optional<Boolean> forget(Revocation.Target target) {
        return changeRevocations(() -> revocations.delete(target));
    }

    private Optional<Boolean> changeRevocations(Transaction change) {
        try {
            write(() -> {
                change.run();
                revocations.deleteEnded(clock.instant());
            });
            firstEnd = revocations.firstEnd();
            return Optional.of(true);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Runs a transaction without events, and looks at the limits, so that neither the first update nor the first
     * maintenance loads a class (decision 130).
     */
    void prepare() {
        try {
            write(() -> {
                keys.add(List.of());
                keys.trim(SPARE_REMOVALS);
            });
            exceedsLimits();
        } catch (SQLException e) {
            LOG.debugf(e, "The log cannot be written yet. file=%s", directory.database());
        }
    }

    @Override
    public boolean maintain() {
        try {
            files.requireInPlace();
            if (!writable) {
                return recover();
            }
            if (!clock.instant().isBefore(firstEnd)) {
                changeRevocations(() -> {});
            }
            if (exceedsLimits()) {
                write(() -> {
                    trimmer.trim(0, trimmer.end(), REMOVALS_A_STEP);
                    keys.trim(REMOVALS_A_STEP);
                });
            }
            return reclaimer.step() || exceedsLimits();
        } catch (SQLException e) {
            failure(e);
            return false;
        }
    }

    private boolean exceedsLimits() {
        return trimmer.exceedsLimits() || keys.exceedsLimits();
    }

    /**
     * Tries to write: without traffic, no update would do so. Writes more than the batch that failed, which may have left
     * room for itself in the write-ahead log.
     */
    private boolean recover() throws SQLException {
        long bytes = Math.min(failedBytes, LARGEST_TRIAL_BYTES) + TRIAL_BYTES;
        write(() -> Sql.execute(
                connection, "INSERT OR REPLACE INTO log (name, value) VALUES ('trial', randomblob(" + bytes + "))"));
        write(() -> Sql.execute(connection, "DELETE FROM log WHERE name = 'trial'"));
        return true;
    }

    private void write(Transaction transaction) throws SQLException {
        write(head, transaction);
    }

    /**
     * One transaction, all or nothing.
     *
     * @param newHead position of the newest event after it
     */
    private void write(long newHead, Transaction transaction) throws SQLException {
        if (uncertain) {
            rollBack();
        }
        try {
            Sql.execute(connection, "BEGIN IMMEDIATE");
            if (uncertain) {
                trimmer.removeEventsAfter(head);
                keys.removeAfter(head);
            }
            transaction.run();
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

    private EventLogException failure(SQLException e) {
        EventLogException reason = reason(e);
        writable = false;
        if (!reported && reports.elapsed()) {
            reported = true;
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

    /** Checkpoints the write-ahead log and closes. Idempotent. */
    @Override
    public void close() throws SQLException {
        if (connection.isClosed()) {
            return;
        }
        try (connection) {
            if (uncertain) {
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

    /** Body of a transaction. */
    @FunctionalInterface
    private interface Transaction {
        void run() throws SQLException;
    }
}
