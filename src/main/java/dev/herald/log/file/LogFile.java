package dev.herald.log.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;

import org.jboss.logging.Logger;

import dev.herald.log.CursorSeal;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig.Durability;

/**
 * The database file, from nothing, from a good end or from a crash to where it can be written: makes it, looks at what a
 * crash left, has it rescued when it is damaged, and opens connections to it.
 */
final class LogFile {
    /** Pages of the write-ahead log after which its content is brought into the database, 4 KiB each. */
    private static final int CHECKPOINT_PAGES = 2_000;

    private static final long WRITE_AHEAD_BYTES = 16L << 20;

    /** More than can have been accepted since the file was last complete: positions are not scarce. */
    private static final long UNKNOWN_EVENTS = 1L << 32;

    private static final Logger LOG = Logger.getLogger(LogFile.class);

    private final LogDirectory directory;
    private final ConnectionSource source;
    private final Durability durability;
    private final Schema schema;

    LogFile(LogDirectory directory, ConnectionSource source, Durability durability, Schema schema) {
        this.directory = directory;
        this.source = source;
        this.durability = durability;
        this.schema = schema;
    }

    /**
     * The connection that writes, to a file that is sound as far as its structure was looked at.
     *
     * @throws EventLogException if there is no such file and none can be made of what is there; says what to do
     */
    Connection open() {
        Path file = directory.database();
        try {
            if (Files.notExists(file)) {
                create();
            }
            WriteAheadLog left = WriteAheadLog.inspect(file);
            if (Files.exists(directory.damageMark())) {
                return rescue(left, "it was found damaged while the hub ran");
            }
            try {
                return recover(left);
            } catch (SQLException e) {
                if (!Sql.damaged(e)) {
                    throw e;
                }
                return rescue(left, e.getMessage());
            }
        } catch (SQLException | IOException e) {
            boolean damaged = e instanceof SQLException failure && Sql.damaged(failure);
            throw new EventLogException(
                    "The log's file '" + file + "' cannot be opened: " + e.getMessage()
                            + (damaged
                                    ? ". Restore a copy of it, or move it away to begin with an empty log."
                                    : ". See whether its disk has space, and is well."),
                    e);
        }
    }

    /** A file gets its name once it is whole, so that one without tables is not a new log but a damaged one. */
    private void create() throws SQLException, IOException {
        LogDirectory.delete(directory.unfinished());
        try (Connection connection = empty(directory.unfinished())) {
            Schema.writeKey(connection, Schema.newKey());
        }
        install();
        LOG.infof("A new log was begun. file=%s", directory.database());
    }

    /** A database with the tables and nothing in them. */
    private Connection empty(Path file) throws SQLException, IOException {
        OwnerOnly.createFile(file);
        Connection connection = source.open(file);
        try {
            // These two must come before the first table.
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

    private Connection rescue(WriteAheadLog left, String reason) throws SQLException, IOException {
        Path copy = Rescue.setAside(directory);
        LOG.errorf(
                "The log's file is damaged; what can be read of it goes into a new one, and the damaged one is kept."
                        + " file=%s kept=%s reason=%s",
                directory.database(), copy, reason);
        LogDirectory.delete(directory.unfinished());
        try (Connection from = source.open(copy);
                Connection to = empty(directory.unfinished())) {
            // Lets SQLite open a file that is shorter than it should be.
            Sql.pragma(from, "writable_schema = ON");
            new Rescue(from, to, new Damage(directory)).run(left.damaged(), Files.size(copy) + left.mostEvents());
        } catch (SQLException | RuntimeException e) {
            // The damaged file is still in its place.
            LogDirectory.delete(copy);
            throw e;
        }
        install();
        Files.deleteIfExists(directory.damageMark());
        return recover(WriteAheadLog.NONE);
    }

    private Connection recover(WriteAheadLog left) throws SQLException {
        Connection connection = source.open(directory.database());
        try {
            configure(connection);
            schema.migrate(connection, directory.database().toString());
            long newest = check(connection);
            if (!left.present() && Schema.isOpen(connection)) {
                new Holes.Hole(newest + 1, newest + UNKNOWN_EVENTS, true).write(connection);
                LOG.errorf(
                        "The write-ahead log is missing, though the hub did not stop in good order: events that were"
                                + " accepted last may be lost, and readers get a gap. file=%s positions=after %d",
                        directory.database(), newest);
            }
            if (left.present()) {
                new Holes.Hole(newest + 1, newest + left.mostEvents(), left.damaged()).write(connection);
            }
            if (left.damaged()) {
                LOG.errorf(
                        "The write-ahead log is damaged: events that were accepted last may be lost, and readers are"
                                + " told of a gap. file=%s positions=after %d",
                        directory.database(), newest);
            }
            Schema.markOpen(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Looks at all that opening needs. Returns the position of the newest event, from which the log goes on. */
    private static long check(Connection connection) throws SQLException {
        if (Schema.readKey(connection).length != CursorSeal.KEY_BYTES) {
            throw Sql.damage("the key of the cursors is gone");
        }
        Holes.read(connection);
        EventTable events = new EventTable(connection);
        events.upwards(0, Long.MAX_VALUE, (position, event) -> false);
        long[] newest = {0};
        boolean none = events.downwards((position, event) -> {
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
        // NORMAL waits for the disk when it brings the write-ahead log into the database, FULL with each commit too.
        Sql.pragma(connection, durability == Durability.FORCE ? "synchronous = FULL" : "synchronous = NORMAL");
        // Where the system's own command does not reach the platter (macOS).
        Sql.pragma(connection, "fullfsync = " + (durability == Durability.FORCE));
        Sql.pragma(connection, "checkpoint_fullfsync = ON");
        Sql.pragma(connection, "wal_autocheckpoint = " + CHECKPOINT_PAGES);
        Sql.pragma(connection, "journal_size_limit = " + WRITE_AHEAD_BYTES);
        Sql.pragma(connection, "cache_size = -16384");
    }

    /** A connection that only reads, and so never moves pages from the write-ahead log into the database. */
    Connection reader() throws SQLException {
        Connection connection = source.open(directory.database());
        Sql.pragma(connection, "query_only = ON");
        Sql.pragma(connection, "wal_autocheckpoint = 0");
        Sql.pragma(connection, "cache_size = -4096");
        return connection;
    }
}
