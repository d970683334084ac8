package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.jboss.logging.Logger;

import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.Sql;

/**
 * Reclaimer of free space for the file system, in steps of at most {@value #PAGES_A_STEP} pages. It leaves at most a
 * quarter of the database's pages free, and truncates the write-ahead log when readers prevented its reuse. Used by the
 * appender's thread only.
 */
final class SpaceReclaimer {
    private static final int PAGES_A_STEP = 256;

    /** One page in this many may be free. */
    private static final int FREE_SHARE = 4;

    private static final long MAX_WRITE_AHEAD_BYTES = 64L << 20;
    private static final Logger LOG = Logger.getLogger(SpaceReclaimer.class);

    private final Connection connection;
    private final Path writeAheadLog;
    private boolean vacuumed;

    SpaceReclaimer(Connection connection, LogDirectory directory) {
        this.connection = connection;
        this.writeAheadLog = LogDirectory.writeAheadLog(directory.database());
    }

    /** Runs a step if one is due. Returns whether another one is due. */
    boolean step() throws SQLException {
        if (writeAheadBytes() > MAX_WRITE_AHEAD_BYTES) {
            // Waits for readers to finish their pages, as long as for any lock.
            Sql.pragma(connection, "wal_checkpoint(TRUNCATE)");
        }
        long free = Sql.number(connection, "PRAGMA freelist_count");
        long pages = Sql.number(connection, "PRAGMA page_count");
        if (free <= PAGES_A_STEP || free * FREE_SHARE <= pages) {
            truncateAfterVacuum();
            return false;
        }
        Sql.execute(connection, "PRAGMA incremental_vacuum(" + PAGES_A_STEP + ")");
        vacuumed = true;
        return true;
    }

    /** The file shrinks at a checkpoint, and without traffic there would be none. */
    private void truncateAfterVacuum() throws SQLException {
        if (vacuumed) {
            vacuumed = false;
            Sql.pragma(connection, "wal_checkpoint(PASSIVE)");
        }
    }

    private long writeAheadBytes() {
        try {
            return Files.size(writeAheadLog);
        } catch (IOException e) {
            LOG.debug("The write-ahead log has no size.", e);
            return 0;
        }
    }
}
