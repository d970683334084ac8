package dev.herald.log.sqlite.files;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Source of connections to a database file. Tests use it to make statements fail. */
@FunctionalInterface
public interface ConnectionSource {
    /** How long a statement waits for a lock of another program, in milliseconds. */
    int BUSY_MILLIS = 5_000;

    /** Opens a new connection; creates the file if it is missing. */
    Connection open(Path file) throws SQLException;

    /** Source of plain SQLite connections. */
    static ConnectionSource sqlite() {
        return file -> {
            SQLiteConfig config = new SQLiteConfig();
            config.setBusyTimeout(BUSY_MILLIS);
            // The driver would prepare and run a query after each insert, which costs more than the insert.
            config.setGetGeneratedKeys(false);
            // The driver lets one thread at a time into a connection, so SQLite's own mutex, taken for each parameter
            // and
            // each column, protects nothing.
            config.setOpenMode(SQLiteOpenMode.NOMUTEX);
            return config.createConnection("jdbc:sqlite:" + file);
        };
    }
}
