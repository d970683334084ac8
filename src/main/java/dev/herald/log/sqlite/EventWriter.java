package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Fingerprint;
import dev.herald.identity.Revocation;
import dev.herald.log.LogStats;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.local.BatchStore;
import dev.herald.log.local.LogTask;
import dev.herald.log.local.StoredKey;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyRetention;
import dev.herald.log.sqlite.rows.EventInsert;

/**
 * Writer of the log: a batch of events is one transaction with their idempotency keys, which also removes the oldest
 * events. Also purges, stores revocations, and maintains the file. A failed batch leaves no events
 * ({@link WriteTransactions}). Used by the appender's thread only, except for {@link #horizon()}, {@link #kept()},
 * {@link #keys()}, {@link #hasPurged()} and {@link #writable()}.
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
    private final WriteTransactions transactions;
    private final RetentionTrimmer trimmer;
    private final KeyRetention keys;
    private final SpaceReclaimer reclaimer;
    private final EventInsert insert;
    private final RevocationTable revocations;
    private final Clock clock;

    private Instant firstEnd;
    /** Size of the batch that failed last, 0 if the last one was stored. */
    private long failedBytes;

    private volatile long purgedThrough;

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
        this.trimmer = new RetentionTrimmer(connection, retention, damage, clock);
        this.keys = new KeyRetention(connection, retention.keys(), clock, damage::reportOrRethrow);
        this.transactions = new WriteTransactions(connection, directory, damage, headFile, head, trimmer, keys);
        this.reclaimer = new SpaceReclaimer(connection, directory);
        this.insert = new EventInsert(connection);
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

    /** Logs what the log contains, before the appender's thread begins. */
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
        return transactions.writable();
    }

    @Override
    public void store(List<Event> events, List<StoredKey> added) {
        Event newest = events.get(events.size() - 1);
        try {
            transactions.run(newest.position(), () -> {
                long end = insert.insert(events, transactions.head(), trimmer.end());
                recordPurged(events);
                trimmer.trim(events.size(), end, 2 * events.size() + SPARE_REMOVALS);
                keys.add(added);
                keys.trim(2 * added.size() + SPARE_REMOVALS);
            });
            failedBytes = 0;
        } catch (SQLException e) {
            failedBytes = events.stream().mapToLong(Event::size).sum();
            throw transactions.failure(e);
        }
    }

    @Override
    public long head() {
        return transactions.head();
    }

    /** A mirror receives placeholders of events that were purged elsewhere. */
    private void recordPurged(List<Event> events) throws SQLException {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i).isPurged()) {
                EventPurge.recordThrough(connection, events.get(i).position());
                purgedThrough = events.get(i).position();
                return;
            }
        }
    }

    @Override
    public Optional<StoredKey> findKey(Fingerprint name) {
        try {
            // After an uncertain commit, the next transaction removes those after the head.
            return keys.find(name).filter(key -> key.position() <= transactions.head());
        } catch (SQLException e) {
            throw transactions.reason(e);
        }
    }

    @Override
    public boolean hasRoomForKey(Fingerprint name, int others, int ofPublisher) {
        if (!keys.hasRoom(name, others, ofPublisher) && keys.exceedsLimits()) {
            removeExpiredKeys();
        }
        return keys.hasRoom(name, others, ofPublisher);
    }

    private void removeExpiredKeys() {
        try {
            transactions.run(() -> keys.trim(REMOVALS_A_STEP));
        } catch (SQLException e) {
            // Reported; there is no room then.
            transactions.failure(e);
        }
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
            transactions.run(position, () -> trimmer.restartAfter(position));
        } catch (SQLException e) {
            throw transactions.failure(e);
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
                purgedThrough = transactions.head();
                try {
                    transactions.run(step::run);
                } finally {
                    Sql.pragma(connection, "secure_delete = FAST");
                }
                purgedThrough = EventPurge.through(connection);
            } catch (SQLException e) {
                throw transactions.failure(e);
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

    private Optional<Boolean> changeRevocations(WriteTransactions.Body change) {
        try {
            transactions.run(() -> {
                change.run();
                revocations.deleteEnded(clock.instant());
            });
            firstEnd = revocations.firstEnd();
            return Optional.of(true);
        } catch (SQLException e) {
            throw transactions.failure(e);
        }
    }

    /**
     * Runs a transaction without events, and looks at the limits, so that neither the first update nor the first
     * maintenance loads a class (decision 130).
     */
    void prepare() {
        try {
            transactions.run(() -> {
                insert.prepare();
                keys.prepare();
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
            transactions.requireFilesInPlace();
            if (!transactions.writable()) {
                return recover();
            }
            if (!clock.instant().isBefore(firstEnd)) {
                changeRevocations(() -> {});
            }
            if (exceedsLimits()) {
                transactions.run(() -> {
                    trimmer.trim(0, trimmer.end(), REMOVALS_A_STEP);
                    keys.trim(REMOVALS_A_STEP);
                });
            }
            return reclaimer.step() || exceedsLimits();
        } catch (SQLException e) {
            transactions.failure(e);
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
        transactions.run(() -> Sql.execute(
                connection, "INSERT OR REPLACE INTO log (name, value) VALUES ('trial', randomblob(" + bytes + "))"));
        transactions.run(() -> Sql.execute(connection, "DELETE FROM log WHERE name = 'trial'"));
        return true;
    }

    /** Checkpoints the write-ahead log and closes. Idempotent. */
    @Override
    public void close() throws SQLException {
        transactions.close();
    }
}
