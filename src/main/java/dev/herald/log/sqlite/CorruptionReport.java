package dev.herald.log.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jboss.logging.Logger;

import dev.herald.log.sqlite.files.DamageMark;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.Sql;

/**
 * Report of corruption in the database, at ERROR: once for each range of positions that cannot be read, and once for
 * the file. Thread-safe.
 */
final class CorruptionReport {
    private static final int MAX_REPORTED = 1_000;
    private static final Logger LOG = Logger.getLogger(CorruptionReport.class);

    private final LogDirectory directory;
    private final Set<Long> reported = new LinkedHashSet<>();
    private boolean marked;

    CorruptionReport(LogDirectory directory) {
        this.directory = directory;
    }

    /** Reports events that cannot be read; their readers get a gap. Both ends inclusive. */
    synchronized void lost(long first, long last) {
        if (reported.size() < MAX_REPORTED && reported.add(first)) {
            LOG.errorf(
                    "Events of the log are lost, since its file is damaged; readers get a gap. Restore a copy if"
                            + " they matter. file=%s positions=%d-%d",
                    directory.database(), first, last);
        }
    }

    /**
     * Reports the failure if the file is damaged.
     *
     * @throws SQLException the failure, if it has another reason
     */
    void reportOrRethrow(SQLException failure) throws SQLException {
        if (!Sql.damaged(failure)) {
            throw failure;
        }
        report(failure);
    }

    /** Reports a corrupt structure, and marks the file for a rescue by the next start. */
    synchronized void report(Exception cause) {
        if (marked) {
            return;
        }
        marked = true;
        LOG.errorf(
                cause,
                "The log's file is damaged. Readable events are served. Restart the hub to recover them into a"
                        + " new file. file=%s",
                directory.database());
        try {
            DamageMark.write(directory.damageMark(), cause.getMessage());
        } catch (IOException e) {
            LOG.errorf(e, "The damage could not be recorded for the next start. file=%s", directory.damageMark());
        }
    }
}
