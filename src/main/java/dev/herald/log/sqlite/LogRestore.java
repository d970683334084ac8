package dev.herald.log.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.jboss.logging.Logger;

import dev.herald.identity.Revocation;
import dev.herald.log.CursorSeal;
import dev.herald.log.EventLogException;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.OwnerOnly;
import dev.herald.log.sqlite.files.Sql;

/** Installer of a {@link LogBackup} in the directory of a stopped hub, whose own files are kept. Stateless. */
public final class LogRestore {
    private static final Logger LOG = Logger.getLogger(LogRestore.class);

    private LogRestore() {}

    /**
     * Makes a backup the log of a directory. Files of the log that was there get other names. After a failure the old
     * log is still in place, or, if the process ended at the last step, under its other name.
     *
     * @param backup file that {@link LogBackup#write} made; it is copied
     * @param directory of the log; created if it is missing
     * @throws EventLogException if a hub has the log open, the file is not a whole backup, or the copy fails
     */
    public static void install(Path backup, Path directory) {
        if (!Files.isRegularFile(backup)) {
            throw new EventLogException("'" + backup + "' is not a file: name a backup that Herald made.");
        }
        try (LogDirectory locked = LogDirectory.lock(directory.toAbsolutePath())) {
            Path copy = locked.unfinished();
            LogDirectory.delete(copy);
            try {
                copy(backup, copy);
                verify(backup, copy);
                keepRevocations(locked.database(), copy);
                locked.setAside();
                Files.move(copy, locked.database(), StandardCopyOption.ATOMIC_MOVE);
                locked.force();
            } finally {
                LogDirectory.delete(copy);
            }
        } catch (SQLException | IOException e) {
            throw new EventLogException(
                    "'" + backup + "' could not be restored to '" + directory + "': " + e.getMessage() + ".", e);
        }
    }

    private static void copy(Path backup, Path copy) throws IOException {
        OwnerOnly.createNewFile(copy);
        try (OutputStream out = Files.newOutputStream(copy)) {
            Files.copy(backup, out);
        }
        LogDirectory.force(copy);
    }

    private static void verify(Path backup, Path copy) throws SQLException {
        try (Connection connection = ConnectionSource.sqlite().open(copy)) {
            if (!Schema.isBackup(connection)) {
                throw notABackup(backup, null);
            }
            Schema.CURRENT.requireSupported(connection, backup.toString());
            boolean whole = Sql.text(connection, "PRAGMA quick_check(1)").equals("ok")
                    && Schema.readKey(connection).length == CursorSeal.KEY_BYTES;
            if (!whole) {
                throw new EventLogException("'" + backup + "' is damaged: restore another backup.");
            }
        } catch (SQLException e) {
            if (Sql.damaged(e) || Sql.invalid(e)) {
                throw notABackup(backup, e);
            }
            throw e;
        }
    }

    /**
     * Adds the revocations of the log that is replaced: those after the backup must remain in force. A log that cannot
     * be read has none to add.
     */
    private static void keepRevocations(Path replaced, Path copy) throws SQLException, IOException {
        if (!Files.exists(replaced)) {
            return;
        }
        List<Revocation> revocations = List.of();
        try (Connection old = ConnectionSource.sqlite().open(replaced)) {
            Sql.pragma(old, "query_only = ON");
            if (Schema.CURRENT.isOf(old)) {
                RevocationTable.Found found = new RevocationTable(old).salvage();
                found.report();
                revocations = found.valid();
            }
        } catch (SQLException e) {
            LOG.warnf(
                    e,
                    "The revocations of the replaced log cannot be read: revoke again what was revoked after the backup."
                            + " file=%s",
                    replaced);
            return;
        }
        if (!revocations.isEmpty()) {
            try (Connection connection = ConnectionSource.sqlite().open(copy)) {
                Schema.CURRENT.migrate(connection, copy.toString());
                Sql.execute(connection, "BEGIN");
                new RevocationTable(connection).merge(revocations);
                Sql.execute(connection, "COMMIT");
            }
            LogDirectory.force(copy);
        }
    }

    private static EventLogException notABackup(Path backup, SQLException cause) {
        return new EventLogException("'" + backup + "' is not a backup that Herald made, or it is damaged.", cause);
    }
}
