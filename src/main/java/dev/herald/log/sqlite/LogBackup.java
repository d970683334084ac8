package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jboss.logging.Logger;

import dev.herald.identity.Revocation;
import dev.herald.log.CursorSeal;
import dev.herald.log.EventLogException;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.OwnerOnly;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyTable;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Backup of a log in one file; the hub may be running in another process. It has the events up to the newest one at its
 * beginning, and their idempotency keys. It has the key of the cursors, the generations, and the revocations at its
 * end. Single use, one thread (decision 226).
 *
 * <p>It reads in short transactions, so that the hub's write-ahead log is reused meanwhile and no commit waits. Its
 * memory is one step. Events that retention removes before they are copied are not in the backup.
 */
public final class LogBackup {
    private static final int EVENTS_A_STEP = 1_000;
    private static final long BYTES_A_STEP = 4L << 20;
    /** Space left for a hub that writes to the same disk, in bytes. */
    private static final long SPARE_BYTES = 64L << 20;

    private static final Logger LOG = Logger.getLogger(LogBackup.class);

    private final Path database;
    private final Path file;
    private final ConnectionSource target;

    private LogBackup(Path directory, Path file, ConnectionSource target) {
        this.database = LogDirectory.database(directory);
        this.file = file;
        this.target = target;
    }

    /**
     * Copies a log into a new file, which only the user of this process may read.
     *
     * @param directory of the log
     * @param file is created; its disk must have room for a copy of the log
     * @return number of copied events
     * @throws EventLogException if there is no complete backup; then there is no file, and the message says what to do
     */
    public static long write(Path directory, Path file) {
        return write(directory, file, ConnectionSource.sqlite());
    }

    static long write(Path directory, Path file, ConnectionSource target) {
        return new LogBackup(directory.toAbsolutePath(), file.toAbsolutePath(), target).write();
    }

    private long write() {
        if (Files.notExists(database)) {
            throw new EventLogException("There is no log in '" + database.getParent()
                    + "': name the directory of a log, as in herald.log.file.path.");
        }
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        create(unfinished);
        try {
            requireSpace();
            long count = copyTo(unfinished);
            LogDirectory.force(unfinished);
            requireAbsent();
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            LogDirectory.force(file.getParent());
            return count;
        } catch (SQLException | IOException e) {
            throw failure(e);
        } finally {
            delete(unfinished);
        }
    }

    private void create(Path unfinished) {
        requireAbsent();
        try {
            OwnerOnly.createNewFile(unfinished);
        } catch (FileAlreadyExistsException e) {
            throw new EventLogException(
                    "'" + unfinished + "' exists: another backup to '" + file
                            + "' is running, or one was interrupted. Delete it if none is running.",
                    e);
        } catch (IOException e) {
            throw new EventLogException(
                    "'" + file + "' cannot be written: name a new file in a directory that exists and is writable.", e);
        }
    }

    private void requireAbsent() {
        if (Files.exists(file)) {
            throw new EventLogException("'" + file + "' exists, and is not overwritten: name a new file.");
        }
    }

    private void requireSpace() throws IOException {
        Path writeAheadLog = LogDirectory.writeAheadLog(database);
        long needed = Files.size(database) + (Files.exists(writeAheadLog) ? Files.size(writeAheadLog) : 0);
        long free = Files.getFileStore(file.getParent()).getUsableSpace();
        if (free < needed + SPARE_BYTES) {
            throw new EventLogException("The backup may need " + megabytes(needed) + ", and the disk of '" + file
                    + "' has " + megabytes(free) + " of which " + megabytes(SPARE_BYTES)
                    + " are left free: name a file on another disk.");
        }
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }

    private long copyTo(Path unfinished) throws SQLException {
        try (Connection from = ConnectionSource.sqlite().open(database);
                Connection to = target.open(unfinished)) {
            Sql.pragma(from, "query_only = ON");
            Sql.pragma(from, "wal_autocheckpoint = 0");
            requireOwnVersion(from);
            Sql.pragma(to, "auto_vacuum = INCREMENTAL");
            // The file gets its name after it is complete and forced to the disk.
            Sql.pragma(to, "journal_mode = OFF");
            Sql.pragma(to, "synchronous = OFF");
            Schema.CURRENT.migrate(to, unfinished.toString());
            long purges = EventPurge.steps(from);
            long newest = begin(from, to);
            long count = copy(new EventTable(from), newest, to);
            if (new KeyTable(from).copyTo(to, newest) > 0) {
                throw damaged();
            }
            end(from, to, purges);
            return count;
        }
    }

    /** Copies the revocations at last, so that the backup has the newest. */
    private static void end(Connection from, Connection to, long purges) throws SQLException {
        Sql.execute(from, "BEGIN");
        List<Revocation> revocations = new RevocationTable(from).read(Instant.EPOCH);
        boolean purged = EventPurge.steps(from) != purges;
        Sql.execute(from, "COMMIT");
        if (purged) {
            throw new EventLogException("Events were purged while the backup was written, and it may contain them, so"
                    + " there is no backup: back up again.");
        }
        Sql.execute(to, "BEGIN");
        new RevocationTable(to).merge(revocations);
        Sql.execute(to, "COMMIT");
    }

    private void requireOwnVersion(Connection from) throws SQLException {
        if (!Schema.CURRENT.isOf(from)) {
            throw new EventLogException("The log in '" + database.getParent()
                    + "' is one of another version of Herald: back it up with the version that runs it.");
        }
    }

    /** Copies what is not an event. Returns the newest position, of the same moment. */
    private static long begin(Connection from, Connection to) throws SQLException {
        Sql.execute(from, "BEGIN");
        byte[] key = Schema.readKey(from);
        if (key.length != CursorSeal.KEY_BYTES) {
            throw damaged();
        }
        Schema.writeKey(to, key);
        Schema.markAsBackup(to);
        new GenerationTable(from).copyTo(to, true);
        long newest = new EventTable(from).last();
        Sql.execute(from, "COMMIT");
        return newest;
    }

    private static long copy(EventTable events, long newest, Connection to) throws SQLException {
        EventCopy copy = new EventCopy(to);
        boolean more = true;
        while (more) {
            List<StoredEvent> step = new ArrayList<>();
            long[] bytes = {0};
            more = !events.ascending(copy.reached(), newest, (position, event) -> {
                StoredEvent found = event.orElseThrow(LogBackup::damaged);
                step.add(found);
                bytes[0] += found.data().length;
                return step.size() < EVENTS_A_STEP && bytes[0] < BYTES_A_STEP;
            });
            Sql.execute(to, "BEGIN");
            for (StoredEvent event : step) {
                copy.add(event);
            }
            copy.recordPurged();
            Sql.execute(to, "COMMIT");
        }
        return copy.count();
    }

    private EventLogException failure(Exception e) {
        if (e instanceof SQLException reason && Sql.damaged(reason)) {
            return damaged();
        }
        if (e instanceof SQLException reason && Sql.full(reason)) {
            return new EventLogException(
                    "The disk of '" + file + "' is full, so there is no backup: free some space, or name a file on"
                            + " another disk.",
                    e);
        }
        return new EventLogException(
                "The log in '" + database.getParent() + "' could not be backed up to '" + file + "': " + e.getMessage()
                        + ".",
                e);
    }

    private static EventLogException damaged() {
        return new EventLogException(
                "The log is damaged, so there is no backup. Restart the hub, which recovers what is"
                        + " readable, and back up then.");
    }

    private static void delete(Path unfinished) {
        try {
            LogDirectory.delete(unfinished);
        } catch (IOException e) {
            LOG.debugf(e, "The unfinished backup could not be deleted. file=%s", unfinished);
        }
    }
}
