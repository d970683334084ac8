package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.herald.log.CursorSeal;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.LogIdentity;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.DamageMark;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.OwnerOnly;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.rows.EventTable;

/**
 * Opener of the database file: creates it, verifies it after the previous run, rescues it if it is damaged, and opens
 * connections to it.
 */
final class LogFile {
    /** Size of the write-ahead log at which it is checkpointed, in pages of 4 KiB. */
    private static final int CHECKPOINT_PAGES = 2_000;

    private static final long WRITE_AHEAD_BYTES = 16L << 20;

    private static final Logger LOG = Logger.getLogger(LogFile.class);

    private final LogDirectory directory;
    private final ConnectionSource source;
    private final Durability durability;
    private final Schema schema;
    private final BootId boot;
    private final Optional<LogIdentity> shared;

    /** @param shared the shared log of which this is the mirror; empty for a log of its own */
    LogFile(
            LogDirectory directory,
            ConnectionSource source,
            Durability durability,
            Schema schema,
            BootId boot,
            Optional<LogIdentity> shared) {
        this.directory = directory;
        this.source = source;
        this.durability = durability;
        this.schema = schema;
        this.boot = boot;
        this.shared = shared;
    }

    /**
     * Opens the writing connection and begins a generation. Verifies only the parts of the file that opening reads.
     *
     * @throws EventLogException if the file can be neither opened, created nor rescued; the message says what to do
     */
    Connection open() {
        Path file = directory.database();
        try {
            if (Files.notExists(file)) {
                create();
            }
            if (Files.exists(directory.damageMark())) {
                return rescue(DamageMark.read(directory.damageMark()));
            }
            try {
                return recover();
            } catch (SQLException e) {
                if (!Sql.damaged(e)) {
                    throw e;
                }
                return rescue(e.getMessage());
            }
        } catch (SQLException | IOException e) {
            boolean damaged = e instanceof SQLException failure && Sql.damaged(failure);
            throw new EventLogException(
                    "The log's file '" + file + "' cannot be opened: " + e.getMessage()
                            + (damaged
                                    ? ". Restore a copy of it, or move it away to begin with an empty log."
                                    : ". Verify that its disk has space and no errors."),
                    e);
        }
    }

    /** Creates the file, which gets its name once it is complete: a file without tables is damaged, not new. */
    private void create() throws SQLException, IOException {
        reportLoss();
        createEmpty();
    }

    private void createEmpty() throws SQLException, IOException {
        LogDirectory.delete(directory.unfinished());
        try (Connection connection = empty(directory.unfinished())) {
            Schema.writeKey(connection, shared.map(LogIdentity::key).orElseGet(Schema::newKey));
        }
        install();
        LOG.infof("A new log was created. file=%s", directory.database());
    }

    /**
     * Warns if files of another log are here, whose database is missing. They are kept: with the database, its
     * write-ahead log has the newest events.
     */
    private void reportLoss() throws IOException {
        List<String> found = directory.remnants();
        if (!found.isEmpty()) {
            directory.setAside();
            LOG.warnf(
                    "The log's file is missing, but other files of a log are here: the hub begins an empty log, and"
                            + " readers get a gap. To have the events again, stop the hub, and put the file back or"
                            + " restore a backup. Files that the new log would replace are kept as herald-replaced-N."
                            + " file=%s found=%s",
                    directory.database(), found);
        }
    }

    /** Creates a database with empty tables. */
    private Connection empty(Path file) throws SQLException, IOException {
        OwnerOnly.createFile(file);
        Connection connection = source.open(file);
        try {
            // These two pragmas must precede the first table.
            Sql.pragma(connection, "auto_vacuum = INCREMENTAL");
            configure(connection);
            schema.migrate(connection, file.toString());
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void install() throws IOException {
        LogDirectory.delete(directory.database());
        Files.move(directory.unfinished(), directory.database(), StandardCopyOption.ATOMIC_MOVE);
        directory.force();
    }

    private Connection rescue(String reason) throws SQLException, IOException {
        return shared.isPresent() ? copyAgain(reason) : salvage(reason);
    }

    /** Begins an empty mirror: the shared log has the events of the damaged one. It may be a log of its own by mistake. */
    private Connection copyAgain(String reason) throws SQLException, IOException {
        requireMirror(reason);
        directory.setAside();
        LOG.warnf(
                "The mirror of the shared log is damaged: it is kept as herald-replaced-N.db, and the events are copied"
                        + " again. file=%s reason=%s",
                directory.database(), reason);
        createEmpty();
        return recover();
    }

    private void requireMirror(String reason) {
        try (Connection damaged = source.open(directory.database())) {
            // Lets SQLite open a truncated file.
            Sql.pragma(damaged, "writable_schema = ON");
            if (Schema.readKey(damaged).length != CursorSeal.KEY_BYTES) {
                throw Sql.damage("the key of the cursors is gone");
            }
            requireSame(damaged);
        } catch (SQLException e) {
            throw new EventLogException(
                    "The log's file '" + directory.database() + "' is damaged (" + reason
                            + "), and it cannot be read whether it is a mirror of the shared log: move it away to have"
                            + " its events copied again.",
                    e);
        }
    }

    private Connection salvage(String reason) throws SQLException, IOException {
        Path copy = Rescue.setAside(directory);
        LOG.errorf(
                "The log's file is damaged; its readable events are copied into a new one, and the damaged one is kept."
                        + " file=%s kept=%s reason=%s",
                directory.database(), copy, reason);
        LogDirectory.delete(directory.unfinished());
        try (Connection from = source.open(copy);
                Connection to = empty(directory.unfinished())) {
            // Lets SQLite open a truncated file.
            Sql.pragma(from, "writable_schema = ON");
            schema.migrate(from, copy.toString());
            new Rescue(from, to, new CorruptionReport(directory)).run();
        } catch (SQLException | RuntimeException e) {
            // The damaged file is unchanged.
            LogDirectory.delete(copy);
            throw e;
        }
        install();
        keepMark(copy, reason);
        return recover();
    }

    /** Replaces the mark by one of the damaged database that is kept. */
    private void keepMark(Path copy, String reason) throws IOException {
        try {
            DamageMark.write(LogDirectory.damageMark(copy), reason);
        } catch (IOException e) {
            LOG.warnf(e, "The reason of the damage could not be written. file=%s", copy);
        }
        // Otherwise the next start would rescue the new file.
        Files.deleteIfExists(directory.damageMark());
    }

    private Connection recover() throws SQLException, IOException {
        Connection connection = source.open(directory.database());
        try {
            configure(connection);
            schema.migrate(connection, directory.database().toString());
            long newest = check(connection);
            requireSame(connection);
            begin(connection, newest);
            return connection;
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void begin(Connection connection, long newest) throws SQLException, IOException {
        GenerationTable generations = new GenerationTable(connection);
        long horizon = new EventTable(connection).horizon();
        boolean forced = durability == Durability.FORCE;
        if (shared.isPresent()) {
            generations.beginMirror(newest, horizon, boot, forced);
        } else {
            report(generations.begin(newest, horizon, HeadFile.read(directory.head()), boot, forced), newest);
        }
    }

    /** Verifies that a mirror is one of the shared log. */
    private void requireSame(Connection connection) throws SQLException {
        if (shared.isPresent() && !shared.get().hasKey(Schema.readKey(connection))) {
            throw new EventLogException("The log in '" + directory
                    + "' is not a mirror of the shared log, but a log of its own, or the mirror of another one: give"
                    + " this node another directory (herald.log.file.path), or another database"
                    + " (herald.log.postgres.url).");
        }
    }

    private void report(PreviousRun previous, long newest) {
        switch (previous) {
            case TRUNCATED ->
                LOG.errorf(
                        "The newest events are missing: the write-ahead log was damaged or removed. Readers get a gap."
                                + " Restore a copy if they matter. file=%s positions=after %d",
                        directory.database(), newest);
            case UNKNOWN ->
                LOG.errorf(
                        "The log was not closed, and '%s' does not contain its end: the newest events may be"
                                + " missing, and readers get a gap. file=%s positions=after %d",
                        directory.head(), directory.database(), newest);
            case POWER_CUT ->
                LOG.warnf(
                        "The machine stopped while the log was open: the newest events may be missing, and"
                                + " readers get a gap. herald.log.file.durability=force avoids it."
                                + " file=%s positions=after %d",
                        directory.database(), newest);
            case RESTORED ->
                LOG.warnf(
                        "The log was restored from a backup: what was published after it is missing, and readers get"
                                + " a gap. file=%s positions=after %d",
                        directory.database(), newest);
            case NONE, WHOLE -> LOG.debugf("The log is complete. file=%s", directory.database());
        }
    }

    /** Verifies the parts that opening needs. Returns the position of the newest event, 0 without one. */
    private static long check(Connection connection) throws SQLException {
        try {
            return verify(connection);
        } catch (SQLException e) {
            // The statements are correct for the schema's version, so its text is damaged.
            throw Sql.invalid(e) ? Sql.damage("the schema is damaged: " + e.getMessage()) : e;
        }
    }

    private static long verify(Connection connection) throws SQLException {
        if (Schema.readKey(connection).length != CursorSeal.KEY_BYTES) {
            throw Sql.damage("the key of the cursors is gone");
        }
        new GenerationTable(connection).read();
        new RevocationTable(connection).read(Instant.EPOCH);
        EventPurge.through(connection);
        EventTable events = new EventTable(connection);
        events.ascending(0, Long.MAX_VALUE, (position, event) -> false);
        long[] newest = {0};
        boolean none = events.descending((position, event) -> {
            newest[0] = event.isPresent() ? position : 0;
            return false;
        });
        if (!none && newest[0] == 0) {
            throw Sql.damage("the newest event has a wrong checksum");
        }
        return newest[0];
    }

    private void configure(Connection connection) throws SQLException {
        Sql.pragma(connection, "journal_mode = WAL");
        // NORMAL forces to the disk at checkpoints, FULL also at each commit.
        Sql.pragma(connection, durability == Durability.FORCE ? "synchronous = FULL" : "synchronous = NORMAL");
        // On macOS, fsync alone does not flush the disk's cache.
        Sql.pragma(connection, "fullfsync = " + (durability == Durability.FORCE));
        Sql.pragma(connection, "checkpoint_fullfsync = ON");
        Sql.pragma(connection, "wal_autocheckpoint = " + CHECKPOINT_PAGES);
        Sql.pragma(connection, "journal_size_limit = " + WRITE_AHEAD_BYTES);
        Sql.pragma(connection, "cache_size = -16384");
        // Deleted content is overwritten where that costs no further write. A purge overwrites it everywhere.
        Sql.pragma(connection, "secure_delete = FAST");
    }

    /** Opens a read-only connection, which never checkpoints the write-ahead log. */
    Connection reader() throws SQLException {
        Connection connection = source.open(directory.database());
        Sql.pragma(connection, "query_only = ON");
        Sql.pragma(connection, "wal_autocheckpoint = 0");
        Sql.pragma(connection, "cache_size = -4096");
        return connection;
    }
}
